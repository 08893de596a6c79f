import * as z from 'zod';
import { type CanonicalEvent, type EventOf, ExternalRef } from '#core/events.ts';
import type { Records, Write } from '#core/ports/records.ts';
import { LOG_PREFIX, LogEntry } from '#core/records/log-entry.ts';
import { readOf } from '#core/records/of-person.ts';
import { membersOf, type Person, personKey } from '#core/records/person.ts';
import { appliedEvent } from './applied-event.ts';
import { BACKFILLED, describeEvent } from './describe-event.ts';

/** A webhook and the record that is asked for differ by their clocks and queues, and not by more. */
const SAME_NEWS_MS = 10 * 60_000;

const TOUCHES = new Set<CanonicalEvent['type']>([
  'touch.recorded',
  'lead.captured',
  'lead.qualified',
  'ticket.changed',
  'survey.answered',
  'usage.recorded',
]);

const moved = (at: string, ms: number) => new Date(Date.parse(at) + ms).toISOString();

/** The timeline tells a person's news by the instant, so it is there that equals are looked for. */
const lineAt = (at: string) => `${LOG_PREFIX}${at}`;
const lineAfter = (at: string) => `${LOG_PREFIX}${at}~`;

/**
 * Whether the hub has an event already that came the other way: by webhook what is found by asking,
 * or by asking what a webhook brings late. Such two have no key in common, so they are known by
 * what they say. Answers what is to be written with it, so that one event is taken for one other
 * only; `undefined` when it is news. `since` is when the round of a hand-off began.
 */
export async function earlierNews(
  records: Records,
  person: Person,
  event: CanonicalEvent,
  since: string | undefined,
): Promise<readonly Write[] | undefined> {
  if (!mayBeKnown(person, event)) return undefined;
  if (event.type === 'opportunity.changed') return sameDeal(records, person, event);
  if (event.type.startsWith('handoff.') && event.backfill === true)
    return sameSignal(records, person, event, since ?? event.at);
  return TOUCHES.has(event.type) || event.type.startsWith('handoff.')
    ? sameMoment(records, person, event)
    : undefined;
}

/** A hub that is never told late reads nothing for this. */
function mayBeKnown({ backfilledAt }: Person, event: CanonicalEvent): boolean {
  if (event.backfill === true) return true;
  return backfilledAt !== undefined && event.at <= moved(backfilledAt, SAME_NEWS_MS);
}

/** What says the same at about the same time and came the other way, each for one other only. */
async function sameMoment(
  records: Records,
  person: Person,
  event: CanonicalEvent,
): Promise<Write[] | undefined> {
  const from = moved(event.at, -SAME_NEWS_MS);
  const distance = ({ at }: CanonicalEvent) => Math.abs(Date.parse(at) - Date.parse(event.at));
  const others = (await sayingTheSame(records, person, event, from))
    .filter(({ backfill }) => backfill !== event.backfill)
    .sort((one, other) => distance(one) - distance(other));
  for (const { id } of others) {
    const key = { pk: `EVENT#${id}`, sk: 'TWIN' };
    if ((await records.get(key)) !== undefined) continue;
    const put = { ...key, type: 'twin', version: 1, data: { event: event.id } };
    return [{ put, if: 'absent' }];
  }
  return undefined;
}

/**
 * A state is told again whenever its record changes: what was said since the hand-off was given to
 * whoever has it is no news.
 */
async function sameSignal(
  records: Records,
  person: Person,
  event: CanonicalEvent,
  since: string,
): Promise<Write[] | undefined> {
  const earliest = moved(event.at, -SAME_NEWS_MS);
  const said = await sayingTheSame(records, person, event, since < earliest ? since : earliest);
  return said.length > 0 ? [] : undefined;
}

async function sayingTheSame(
  records: Records,
  person: Person,
  event: CanonicalEvent,
  from: string,
): Promise<CanonicalEvent[]> {
  const { title } = describeEvent(event);
  const lines = await readOf(records, LogEntry, person, {
    between: [lineAt(from), lineAfter(moved(event.at, SAME_NEWS_MS))],
  });
  const ids = lines.flatMap(({ kind, title: told, detail }) =>
    kind === 'event' && told.replace(BACKFILLED, '') === title ? [String(detail['event'])] : [],
  );
  const events = await Promise.all(ids.map((id) => appliedEvent(records, id)));
  return events.filter(
    (one): one is CanonicalEvent => one !== undefined && one.id !== event.id && agree(one, event),
  );
}

/** Beside the words of the timeline: who told it, and who took over where that is what was told. */
function agree(one: CanonicalEvent, other: CanonicalEvent): boolean {
  if (one.type !== other.type || one.connection !== other.connection) return false;
  if (one.type !== 'handoff.accepted' || other.type !== 'handoff.accepted') return true;
  if (one.asOwner !== other.asOwner) return false;
  return (
    one.asOwner !== true ||
    (one.by.email === other.by.email && one.by.external?.id === other.by.external?.id)
  );
}

const DealLine = z.looseObject({
  ref: ExternalRef,
  stage: z.string(),
  amountMinor: z.number().optional(),
  currency: z.string().optional(),
  outcome: z.string(),
  backfill: z.literal(true).optional(),
});

/** A timeline of more pages than this hardly has a deal at its far end. */
const MOST_PAGES = 10;

/** Whether the last that is known of a deal is what is told now. */
async function sameDeal(
  records: Records,
  person: Person,
  event: EventOf<'opportunity.changed'>,
): Promise<Write[] | undefined> {
  const { opportunity, backfill } = event;
  const lines = await Promise.all(
    membersOf(person).map((id) => lastOfDeal(records, id, opportunity)),
  );
  const [last] = lines
    .flatMap((line) => line ?? [])
    .sort((one, other) => (one.at > other.at ? -1 : 1));
  if (last === undefined) return undefined;
  const either = backfill === true || last.line.backfill === true;
  return either && sameState(last.line, opportunity) ? [] : undefined;
}

/** The last line of one partition that tells of a deal, and when it was. */
async function lastOfDeal(
  records: Records,
  personId: string,
  { ref }: Deal,
): Promise<{ line: z.infer<typeof DealLine>; at: string } | undefined> {
  let after: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await records.query({
      ...{ pk: personKey(personId).pk, prefix: LOG_PREFIX, descending: true },
      after,
    });
    for (const { data } of page.items) {
      const { detail, at } = LogEntry.parse(data);
      const line = DealLine.safeParse(detail).data;
      if (line !== undefined && sameRef(line.ref, ref)) return { line, at };
    }
    after = page.next;
    if (after === undefined) return undefined;
  }
  return undefined;
}

const sameRef = (one: ExternalRef, other: ExternalRef) =>
  one.connection === other.connection && one.kind === other.kind && one.id === other.id;

type Deal = EventOf<'opportunity.changed'>['opportunity'];

const sameState = (one: z.infer<typeof DealLine>, other: Deal) =>
  one.stage === other.stage &&
  one.outcome === other.outcome &&
  one.amountMinor === other.amountMinor &&
  one.currency === other.currency;
