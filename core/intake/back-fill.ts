import type { CanonicalEvent } from '#core/events.ts';
import type { Records, Write } from '#core/ports/records.ts';
import { Handoff, handoffId, handoffKey } from '#core/records/handoff.ts';
import type { Person } from '#core/records/person.ts';
import { read } from '#core/records/store.ts';
import { hasUnsubscribed } from './apply-facts.ts';
import { earlierNews } from './earlier-news.ts';

/** Whether what is told lies so far back that acting on it would only wake the dead. */
export type Age = 'news' | 'history';

/** What is to come of an event, beside the facts in it. */
export interface Reception {
  /** Whether it tells the hub anything. */
  readonly isNews: boolean;
  /** Whether it is for the bus: then hand-offs, workflows and analytics hear of it. */
  readonly isForBus: boolean;
  readonly writes: readonly Write[];
}

/**
 * Judges an event that was found by asking, or whose webhook may have been overtaken by that.
 * `before` is the person without it (absent: nobody knew them), `after` with it.
 */
export async function judgeEvent(
  records: Records,
  event: CanonicalEvent,
  { before, after }: { readonly before: Person | undefined; readonly after: Person },
  age: Age,
): Promise<Reception> {
  const handoff = before === undefined ? undefined : await openHandoff(records, before, event);
  const known = isTaken(handoff, event)
    ? []
    : before && (await earlierNews(records, before, event, handoff && roundBegan(handoff)));
  const isNews = known === undefined && (event.backfill !== true || isMore(event, before, after));
  const isForBus = isNews && (age === 'news' || (handoff !== undefined && isOf(handoff, event)));
  const overtaken = handoff !== undefined && isAnswer(event) && !isOf(handoff, event);
  return { isNews, isForBus: isForBus && !overtaken, writes: known ?? [] };
}

/** The hand-off that a signal may be about: what sales has now is no history, however long it takes. */
async function openHandoff(
  records: Records,
  { id, cycle }: Person,
  event: CanonicalEvent,
): Promise<Handoff | undefined> {
  const isSignal = event.type.startsWith('handoff.') || event.type === 'opportunity.changed';
  if (event.backfill !== true || !isSignal || cycle === 0) return undefined;
  const stored = await read(records, Handoff, handoffKey(handoffId(id, cycle)));
  const isOpen = stored?.data.status === 'open' || stored?.data.status === 'assigning';
  return isOpen ? stored.data : undefined;
}

/** Whether sales has taken the lead already: who has it cannot take it once more. */
function isTaken(handoff: Handoff | undefined, event: CanonicalEvent): boolean {
  if (handoff === undefined || event.type !== 'handoff.accepted') return false;
  if (handoff.signals.accepted === undefined && handoff.signals.worked === undefined) return false;
  return event.asOwner !== true || event.by.email === handoff.owner;
}

/** When the lead went to whoever has it now. */
function roundBegan({ openedAt, assignedAt, clocks, round }: Handoff): string {
  const ends = clocks.flatMap((clock) =>
    clock.round < round && clock.endedAt !== undefined ? [clock.endedAt] : [],
  );
  return [openedAt, assignedAt ?? openedAt, ...ends].reduce((one, other) =>
    one > other ? one : other,
  );
}

const isAnswer = ({ type }: CanonicalEvent) =>
  type === 'handoff.accepted' || type === 'handoff.rejected';

/** A vendor writes the time to the second, and its clock is not the hub's. */
const LENIENCE_MS = 60_000;

/**
 * Whether a signal is about the hand-off as it is now. An answer to an invitation that has since
 * gone to somebody else is not; work, and what became of the deal, count for the hand-off as such.
 */
function isOf(handoff: Handoff, event: CanonicalEvent): boolean {
  const from = isAnswer(event) ? roundBegan(handoff) : handoff.openedAt;
  return Date.parse(event.at) >= Date.parse(from) - LENIENCE_MS;
}

/** Events that only say what is true, not that something happened. */
const STATES: ReadonlySet<CanonicalEvent['type']> = new Set<CanonicalEvent['type']>([
  'person.changed',
  'person.merged',
  'person.erased',
  'consent.changed',
  'account.changed',
]);

function isMore(event: CanonicalEvent, before: Person | undefined, after: Person): boolean {
  if (!STATES.has(event.type)) return true;
  if (event.type === 'account.changed') return false;
  return before === undefined || known(before) !== known(after);
}

/** What is known of a person, without since when. */
const known = (person: Person) =>
  JSON.stringify([
    Object.entries(person.facts).sort(([one], [other]) => (one < other ? -1 : 1)),
    person.external,
    person.suppressed,
    hasUnsubscribed(person),
  ]);
