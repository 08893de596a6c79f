import * as z from 'zod';

/** The members of a message that are relied on: https://segment.com/docs/connections/spec/common/ */
const text = z.string().nullish();
const bag = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((value) => value ?? {});

export const Message = z.object({
  type: z.string(),
  messageId: text,
  anonymousId: text,
  userId: text,
  previousId: text,
  groupId: text,
  event: text,
  name: text,
  properties: bag,
  traits: bag,
  context: bag,
  timestamp: text,
  originalTimestamp: text,
  sentAt: text,
  receivedAt: text,
});
export type Message = z.infer<typeof Message>;

/**
 * When it happened by a clock that can be trusted: Segment's own `timestamp` is corrected already;
 * before that, how long ago the client says it was, counted back from the arrival.
 */
export function happenedAt(message: Message, receivedAt: string): string {
  const arrived = millis(message.receivedAt) ?? Date.parse(receivedAt);
  const original = millis(message.originalTimestamp);
  const sent = millis(message.sentAt);
  const corrected =
    original === undefined || sent === undefined ? original : arrived - (sent - original);
  const at = millis(message.timestamp) ?? corrected ?? arrived;
  return new Date(Math.min(at, Date.parse(receivedAt))).toISOString();
}

function millis(instant: string | null | undefined): number | undefined {
  const parsed = Date.parse(instant ?? '');
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** By this name a message says that the hub itself made it. */
export const HUB_LIBRARY = 'baton-hub';

/** A conversion that the hub reported and that comes back from there is no news. */
export function isEcho({ context }: Message): boolean {
  const { library } = context;
  return (
    typeof library === 'object' &&
    library !== null &&
    'name' in library &&
    library.name === HUB_LIBRARY
  );
}
