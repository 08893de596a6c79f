import { measureOf } from '#core/clocks/measure.ts';
import { carriedOver } from '#core/clocks/running.ts';
import type { EventOf } from '#core/events.ts';
import type { People } from '#core/people.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Item, Write } from '#core/ports/records.ts';
import {
  type Handoff,
  Handoff as HandoffSchema,
  handoffId,
  handoffItem,
  handoffKey,
} from '#core/records/handoff.ts';
import { logItem } from '#core/records/log-entry.ts';
import {
  PERSON_MERGED,
  type Person,
  Person as PersonSchema,
  personItem,
  personKey,
} from '#core/records/person.ts';
import { read, readExisting, type Stored, untilWritten } from '#core/records/store.ts';
import { answerer, mayAnswerFor, setAside, whyOver } from './answerer.ts';
import { calendarFor } from './calendar.ts';
import { CLOCK_CHANGED } from './clock.ts';
import { closedStanding } from './close.ts';
import { QUEUE_PREFIX, recordOwner } from './owner.ts';
import { recordSignal, runningClock, type Settled, type SignalEvent, settle } from './signals.ts';

type Deps = Pick<Hub, 'records' | 'runs' | 'playbook' | 'order'>;

/**
 * Writes a signal into the hand-off it is about and ends the wait it answers. A signal before its
 * wait is kept for it; one that comes twice, to an invitation that has gone to somebody else, or
 * after the end changes nothing.
 */
export async function receiveSignal(
  deps: Deps,
  event: SignalEvent,
  personId: string,
): Promise<void> {
  const handoff = await untilWritten(() => writeSignal(deps, event, personId));
  if (handoff === undefined) return;
  if (await endWait(deps, handoff)) return;
  // A clock in the hours of a new owner may be due sooner.
  const { wait } = handoff;
  const passedOn = event.type === 'handoff.accepted' && event.asOwner === true;
  if (passedOn && wait !== undefined) {
    await deps.runs.fail(wait.token, CLOCK_CHANGED, 'the owner changed');
  }
}

/**
 * Wakes the run that waits, if what is known of the hand-off ends its wait; answers whether it
 * does. Harmless when repeated.
 */
export async function endWait(deps: Pick<Hub, 'runs'>, handoff: Handoff): Promise<boolean> {
  if (handoff.wait === undefined) return false;
  if (handoff.status === 'merged') {
    await deps.runs.fail(handoff.wait.token, PERSON_MERGED, handoff.reason ?? 'merged');
    return true;
  }
  const settled = settle(handoff, handoff.wait.awaits as Parameters<typeof settle>[1]);
  if (settled === undefined) return false;
  const { token } = handoff.wait;
  if (settled.outcome === 'met') await deps.runs.succeed(token, outputOf(settled));
  else await deps.runs.fail(token, 'Handoff.Rejected', settled.reason);
  return true;
}

/** What the run learns of the signal: who did what when, and how the opportunity was closed. */
function outputOf({ proof, closed }: Extract<Settled, { outcome: 'met' }>) {
  const { event, at, by, via } = proof;
  return { event, at, by, via, outcome: closed };
}

async function writeSignal(
  deps: Deps,
  event: SignalEvent,
  personId: string,
): Promise<Handoff | undefined> {
  const person = await readExisting(deps.records, PersonSchema, personKey(personId));
  const stored = await read(
    deps.records,
    HandoffSchema,
    handoffKey(handoffId(personId, person.data.cycle)),
  );
  const verdict = judge(stored?.data, event, deps.playbook.people);
  if (stored === undefined || typeof verdict === 'string') {
    await deps.records.write([
      setAside(deps, personId, event, String(verdict)),
      ...closeWithoutHandoff(person, event),
    ]);
    return undefined;
  }

  const snoozed = event.type === 'handoff.snoozed' ? putOff(deps, personId, event) : undefined;
  if (snoozed !== undefined && (await deps.records.get(snoozed)) !== undefined) return undefined;
  const takenOver = moveOwner(verdict.handoff, event, verdict.salesperson);
  const signalled = recordSignal(takenOver, event, {
    by: verdict.by,
    measureOf: (clock) => measureOf(calendarFor(deps.playbook, clock.owner), clock),
  });
  const next = moveClock(deps, signalled, event.at);
  await deps.records.write([
    ...(snoozed === undefined ? [] : [{ put: snoozed }]),
    { put: handoffItem(next, stored.version + 1), if: { version: stored.version } },
    {
      put: personItem(follow(person.data, next), person.version + 1),
      if: { version: person.version },
    },
  ]);
  return next;
}

/** The line of the log by which a snooze that the bus brings twice is known: it would add up. */
function putOff(deps: Deps, personId: string, event: EventOf<'handoff.snoozed'>): Item {
  return logItem(deps, personId, `snoozed/${event.id}`, {
    at: event.at,
    kind: 'clock',
    title: `put off by ${event.minutes} minutes`,
    detail: { event: event.id },
  });
}

interface Verdict {
  readonly handoff: Handoff;
  readonly by: string;
  readonly salesperson: string | undefined;
}

/** Whether a signal concerns the hand-off as it is now; a text says why not. */
function judge(handoff: Handoff | undefined, event: SignalEvent, people: People): Verdict | string {
  const over = whyOver(handoff, event);
  if (handoff === undefined || over !== undefined) return over ?? '';
  return judgeActor(handoff, event, people);
}

/** Whether whoever signals may do so, and whether the hand-off is theirs from now on. */
function judgeActor(handoff: Handoff, event: SignalEvent, people: People): Verdict | string {
  if (!('by' in event)) return { handoff, by: handoff.owner, salesperson: undefined };
  const who = answerer(people, event.by);
  const verdict = { handoff, by: who ?? handoff.owner, salesperson: undefined };
  // Work that a buyer could notice counts, whoever of sales did it, and so does a new owner.
  if (event.type === 'handoff.worked') return isWork(event) ? verdict : NO_WORK;
  if (event.type === 'handoff.accepted' && event.asOwner) return { ...verdict, salesperson: who };
  if (who === undefined) {
    // The CRM lets in whom it knows; buttons and links are for the people of the playbook.
    return event.via === 'crm'
      ? verdict
      : 'whoever answered is not among the people of the playbook';
  }
  if (!mayAnswerFor(people, handoff.owner, who)) return `${who} is not the owner`;
  return { ...verdict, salesperson: handoff.owner.startsWith(QUEUE_PREFIX) ? who : undefined };
}

const NO_WORK = 'a task that was only ticked off is no contact with the buyer';

/** A call, a mail or a meeting; of any other task there must be a word on what was done. */
const isWork = ({ activity, summary = '' }: EventOf<'handoff.worked'>): boolean =>
  activity !== 'task' || summary.trim() !== '';

/** Somebody made another salesperson the owner in the CRM: the hand-off follows. */
function moveOwner(handoff: Handoff, event: SignalEvent, salesperson: string | undefined): Handoff {
  if (
    event.type !== 'handoff.accepted' ||
    salesperson === undefined ||
    salesperson === handoff.owner
  )
    return handoff;
  return {
    ...handoff,
    owner: salesperson,
    previousOwners: [...handoff.previousOwners, handoff.owner],
  };
}

/** What remains of a clock that still runs after its owner changed remains in the new one's hours. */
function moveClock({ playbook }: Pick<Hub, 'playbook'>, handoff: Handoff, at: string): Handoff {
  const clock = runningClock(handoff);
  const { owner } = handoff;
  if (clock === undefined || clock.owner === owner) return handoff;
  const measures = [
    measureOf(calendarFor(playbook, clock.owner), clock),
    measureOf(calendarFor(playbook, owner), clock),
  ] as const;
  const moved = { ...carriedOver(measures, clock, new Date(at)), owner };
  return { ...handoff, clocks: handoff.clocks.map((one) => (one === clock ? moved : one)) };
}

function follow(person: Person, handoff: Handoff): Person {
  const clock = runningClock(handoff);
  return {
    ...person,
    owner: person.standing === 'with-sales' ? recordOwner(handoff.owner) : person.owner,
    nextAction: clock === undefined ? person.nextAction : { what: clock.clock, at: clock.deadline },
  };
}

/** A deal that is won or lost outside any hand-off still closes the loop. */
function closeWithoutHandoff(person: Stored<Person>, event: SignalEvent): Write[] {
  if (event.type !== 'opportunity.changed' || event.opportunity.outcome === 'open') return [];
  const closed = closedStanding(person.data, event.opportunity.outcome, event.at);
  return [{ put: personItem(closed, person.version + 1), if: { version: person.version } }];
}
