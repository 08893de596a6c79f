import * as z from 'zod';
import { HubError, isHubError } from '#core/errors.ts';
import { CanonicalEvent } from '#core/events.ts';
import { applyEvent } from '#core/intake/apply-event.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Envelope } from '#core/ports/inbox.ts';
import { quarantine } from '#core/quarantine.ts';
import { countRow } from '#core/records/reconciled.ts';
import type { Connections } from './connections.ts';
import { eventIdOf } from './envelope.ts';
import { actedFrom, polledStreams, resync } from './reconcile.ts';

interface Deps extends Pick<Hub, 'records' | 'bus' | 'order' | 'now' | 'playbook'> {
  readonly connections: Connections;
  /** What the hub's clock showed at an instant of a vendor's, where the two do not keep step. */
  readonly here?: ((at: Date) => Date) | undefined;
}

/**
 * Understands one envelope: its connector turns it into canonical events, each of which is applied
 * once; one that was asked for is counted. Throws a HubError `retry` when it should be tried again
 * later; what can't be understood is kept in quarantine and is done with.
 */
export async function takeIn(deps: Deps, envelope: Envelope): Promise<void> {
  try {
    if (await isAskedAgain(deps, envelope)) return;
    const missed = await applyAll(deps, envelope);
    const { id, connection, stream } = envelope;
    if (stream !== undefined)
      await countRow(deps.records, { id, connection, stream, missed }, deps.now());
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

/** Answers whether the hub had missed any of it, of what was asked for. */
async function applyAll(deps: Deps, envelope: Envelope): Promise<boolean> {
  const { connections, here } = deps;
  const { connection } = connections.open(envelope.connection);
  const from = actedFrom(connection, envelope, deps.now());
  let missed = false;
  for (const event of await translated(connections, envelope)) {
    const at = here?.(new Date(event.at)).toISOString() ?? event.at;
    const isHistory = envelope.backfill === true && at < from;
    const outcome = await applyEvent(deps, { ...event, at }, isHistory ? 'history' : 'news');
    missed ||= outcome === 'missed';
  }
  return missed;
}

/** A delivery may say that others were lost: then their stream is asked again from that moment on. */
async function isAskedAgain(deps: Deps, envelope: Envelope): Promise<boolean> {
  const { connection } = envelope;
  const wanted = deps.connections.open(connection).connector.inbound?.resync?.(envelope);
  const isPolled = polledStreams(deps.connections).some(
    (one) => one.connection === connection && one.stream === wanted?.stream,
  );
  if (wanted === undefined || !isPolled) return false;
  await resync(deps, { connection, stream: wanted.stream }, wanted.from);
  return true;
}

/** An envelope may hold several pieces of news; each gets an id of its own. */
async function translated(connections: Connections, envelope: Envelope): Promise<CanonicalEvent[]> {
  const { connector, operationContext } = connections.open(envelope.connection);
  const { inbound } = connector;
  if (inbound === undefined)
    throw new HubError('data', 'inbound_unknown', `${connector.title} sends nothing to the hub.`);
  const { backfill } = envelope;
  const urgency = backfill === true ? 'backfill' : 'usual';
  const context = await operationContext(envelope.id, { urgency });
  const eventId =
    backfill === true ? eventIdOf(envelope.connection, envelope.dedupeKey) : envelope.id;
  const news = await inbound.translate(envelope, context);
  return news.map((event, index) => {
    const whole = {
      ...event,
      id: index === 0 ? eventId : `${eventId}.${index}`,
      receivedAt: envelope.receivedAt,
      connection: envelope.connection,
      ...(backfill === true ? { backfill } : {}),
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
