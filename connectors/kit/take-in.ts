import * as z from 'zod';
import { HubError, isHubError } from '#core/errors.ts';
import { CanonicalEvent } from '#core/events.ts';
import { applyEvent } from '#core/intake/apply-event.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Envelope } from '#core/ports/inbox.ts';
import { quarantine } from '#core/quarantine.ts';
import type { Connections } from './connections.ts';

/**
 * Understands one envelope: its connector turns it into canonical events, each of which is applied
 * once. Throws a HubError `retry` when it should be tried again later; what can't be understood
 * is kept in quarantine and is done with.
 */
export async function takeIn(
  deps: Pick<Hub, 'records' | 'bus' | 'order'> & {
    readonly connections: Connections;
    /** What the hub's clock showed at an instant of a vendor's, where the two do not keep step. */
    readonly here?: ((at: Date) => Date) | undefined;
  },
  envelope: Envelope,
): Promise<void> {
  try {
    const { connections, here } = deps;
    for (const event of await translated(connections, envelope)) {
      const at = here?.(new Date(event.at)).toISOString() ?? event.at;
      await applyEvent(deps, { ...event, at });
    }
  } catch (error) {
    if (isHubError(error, 'retry')) throw error;
    const { code, message } = isHubError(error)
      ? error
      : { code: 'intake_broken', message: 'The hub itself failed at this event.' };
    const { connection, vendor, receivedAt: at } = envelope;
    await quarantine(deps.records, {
      at,
      connection,
      vendor,
      code,
      message,
      content: { kind: 'envelope', envelope },
    });
  }
}

/** An envelope may hold several pieces of news; each gets an id of its own. */
async function translated(connections: Connections, envelope: Envelope): Promise<CanonicalEvent[]> {
  const { connector, operationContext } = connections.open(envelope.connection);
  const { inbound } = connector;
  if (inbound === undefined)
    throw new HubError('data', 'inbound_unknown', `${connector.title} sends nothing to the hub.`);
  const context = await operationContext(envelope.id);
  const news = await inbound.translate(envelope, context);
  return news.map((event, index) => {
    const whole = {
      ...event,
      id: index === 0 ? envelope.id : `${envelope.id}.${index}`,
      receivedAt: envelope.receivedAt,
      connection: envelope.connection,
    };
    const parsed = CanonicalEvent.safeParse(whole);
    if (parsed.success) return parsed.data;
    throw new HubError(
      'data',
      'event_unreadable',
      `${connector.title} sent ${event.type} in a shape that can't be used: ${z.prettifyError(parsed.error)}`,
    );
  });
}
