import { shortHash } from '#core/hash.ts';
import type { Envelope } from '#core/ports/inbox.ts';
import type { Connection } from './connection.ts';
import type { Delivery } from './connector.ts';

/** What the event of a delivery is called, however the delivery came in. */
export const eventIdOf = (connection: string, dedupeKey: string) =>
  `evt_${shortHash(connection, dedupeKey)}`;

/** A delivery as the inbox keeps it. */
export function envelopeOf(
  { name, vendor }: Pick<Connection, 'name' | 'vendor'>,
  { dedupeKey, group, body }: Delivery,
  receivedAt: string,
): Envelope {
  const id = eventIdOf(name, dedupeKey);
  return { id, connection: name, vendor, receivedAt, group: `${name}:${group}`, dedupeKey, body };
}

/**
 * A delivery that was asked for. It has a name of its own in the inbox, so that it comes to intake,
 * which knows by the event whether a webhook brought the same.
 */
export function backfillOf(
  connection: Pick<Connection, 'name' | 'vendor'>,
  { stream, unseenSince }: Pick<Envelope, 'unseenSince'> & { readonly stream: string },
  delivery: Delivery,
  receivedAt: string,
): Envelope {
  const envelope = envelopeOf(connection, delivery, receivedAt);
  const id = `ask_${shortHash(connection.name, delivery.dedupeKey)}`;
  return {
    ...envelope,
    ...{ id, backfill: true, stream },
    ...(unseenSince === undefined ? {} : { unseenSince }),
  };
}
