import { nextRung } from '#core/clocks/ladder.ts';
import { HubError } from '#core/errors.ts';
import type { Hub } from '#core/ports/hub.ts';
import { type ClockRecord, Handoff, handoffItem, handoffKey } from '#core/records/handoff.ts';
import { type LogEntry, logItem } from '#core/records/log-entry.ts';
import { Person, personItem, personKey } from '#core/records/person.ts';
import { readExisting, untilWritten } from '#core/records/store.ts';
import { CLOCK_CHANGED } from './clock.ts';
import { runningClock } from './signals.ts';

/** The answer of somebody that asks for a change: the same answer again changes nothing more. */
export interface Cause {
  readonly id: string;
  readonly at: string;
}

interface Change {
  readonly clock: ClockRecord;
  /** What the timeline says, and a word that tells this change from another of the same clock. */
  readonly word: string;
  readonly title: string;
  readonly detail: LogEntry['detail'];
}

/**
 * Changes the clock that runs for a hand-off, writes that into the timeline, and tells the run that
 * waits under it where its next rung is sooner now. Throws a HubError `data` when none runs.
 */
export async function changeClock(
  hub: Hub,
  id: string,
  change: (handoff: Handoff, clock: ClockRecord) => Change,
  cause?: Cause,
): Promise<ClockRecord> {
  const { before, after, wait } = await untilWritten(() => write(hub, id, change, cause));
  const sooner =
    (nextRung(after, after.climbed)?.at ?? '') < (nextRung(before, before.climbed)?.at ?? '');
  if (sooner && wait !== undefined) {
    await hub.runs.fail(wait.token, CLOCK_CHANGED, 'the clock was changed');
  }
  return after;
}

async function write(
  hub: Hub,
  id: string,
  change: (handoff: Handoff, clock: ClockRecord) => Change,
  cause: Cause | undefined,
) {
  const { data: handoff, version } = await readExisting(hub.records, Handoff, handoffKey(id));
  const before = handoff.status === 'open' ? runningClock(handoff) : undefined;
  if (before === undefined) {
    throw new HubError('data', 'clock_not_running', `No clock runs for the hand-off ${id} now.`);
  }
  if (cause !== undefined && (await wasDone(hub, handoff, cause)))
    return { before, after: before, wait: handoff.wait };
  const { clock: after, word, title, detail } = change(handoff, before);
  const person = await readExisting(hub.records, Person, personKey(handoff.personId));
  const at = hub.now().toISOString();
  const clocks = handoff.clocks.map((one) => (one.id === after.id ? after : one));
  const nextAction = { what: after.clock, at: after.deadline };
  await hub.records.write([
    { put: handoffItem({ ...handoff, clocks }, version + 1), if: { version } },
    {
      put: personItem({ ...person.data, nextAction }, person.version + 1),
      if: { version: person.version },
    },
    {
      put: logItem(
        hub,
        handoff.personId,
        keyOf(cause) ?? `${handoff.id}/${after.id}/${word}/${at}`,
        {
          at: cause?.at ?? at,
          kind: 'clock',
          title: `clock ${after.clock}: ${title}`,
          detail: { clock: after.id, deadline: after.deadline, ...detail },
        },
      ),
    },
  ]);
  return { before, after, wait: handoff.wait };
}

const keyOf = (cause: Cause | undefined) => cause && `changed/${cause.id}`;

/** Whether the line is in the timeline already that an answer leaves there. */
async function wasDone(hub: Hub, { personId }: Handoff, cause: Cause): Promise<boolean> {
  const line = { at: cause.at, kind: 'clock' as const, title: '', detail: {} };
  return (await hub.records.get(logItem(hub, personId, `changed/${cause.id}`, line))) !== undefined;
}
