import { perform } from '#core/effects/perform.ts';
import type { CanonicalEvent, EventType } from '#core/events.ts';
import { unlessRefused } from '#core/handoff/deliver.ts';
import type { Hub } from '#core/ports/hub.ts';
import { readLead } from '#core/records/lead.ts';
import { readHandoffs } from '#core/records/of-person.ts';
import { type Conversion, conversionsOf } from './conversions-of.ts';

/** The news by which somebody may have come to something. */
const TELLING: ReadonlySet<EventType> = new Set<EventType>([
  'handoff.accepted',
  'handoff.worked',
  'opportunity.changed',
]);

/**
 * Has what an event means to analytics told to them, apart from everything else: a vendor of
 * analytics that is down must not keep the person's next signal from its hand-off.
 */
export async function announceConversions(
  hub: Pick<Hub, 'bus' | 'operations'>,
  event: CanonicalEvent,
  personId: string,
): Promise<void> {
  if (!TELLING.has(event.type) || hub.operations.inRole('analytics').length === 0) return;
  await hub.bus.publish([{ event, personId, only: 'conversions' }]);
}

/**
 * Tells every connection in the role `analytics` what a person has come to, each once. All are
 * tried before the first error is thrown; what a vendor refused for good stands in the timeline.
 */
export async function reportConversions(
  hub: Hub,
  event: CanonicalEvent,
  personId: string,
): Promise<void> {
  const lead = await readLead(hub.records, personId);
  const handoffs = await readHandoffs(hub.records, lead.person);
  const failures: unknown[] = [];
  for (const conversion of conversionsOf(lead, handoffs, event)) {
    for (const connection of hub.operations.inRole('analytics')) {
      await unlessRefused(() => report(hub, personId, connection, conversion)).catch(
        (error: unknown) => failures.push(error),
      );
    }
  }
  if (failures.length > 0) throw failures[0];
}

const report = (hub: Hub, personId: string, connection: string, { key, told }: Conversion) =>
  perform(hub, {
    key: `conversion/${key}/${connection}`,
    personId,
    connection,
    verb: 'conversion.report',
    title: `${told.name} told to ${connection}`,
    input: told,
  });
