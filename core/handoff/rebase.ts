import { measureOf } from '#core/clocks/measure.ts';
import { givenMs, moved } from '#core/clocks/running.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Key } from '#core/ports/records.ts';
import { type ClockRecord, Handoff, handoffItem } from '#core/records/handoff.ts';
import { logItem } from '#core/records/log-entry.ts';
import { Person, personItem, personKey } from '#core/records/person.ts';
import { read, readExisting, untilWritten } from '#core/records/store.ts';
import type { ClockRule } from '#core/versions/versions.ts';
import { calendarFor } from './calendar.ts';
import { CLOCK_CHANGED, openRoundClock } from './clock.ts';
import { runningClock } from './signals.ts';

/**
 * A running clock after its policy was changed. `fresh` is the clock as it would have been opened
 * at the same instant by the policy of now. Kept as it is where it was met, ended, breached or put
 * off by its owner: what was promised then was broken or agreed upon. Reminders that went out stay out.
 *
 * - `keep`: the clock goes on as it was opened;
 * - `rebase`: it runs as though it had been opened under the new policy;
 * - `earlier`: the same, but only where that makes it due earlier.
 */
export function rebasedClock(
  clock: ClockRecord,
  fresh: Pick<ClockRecord, 'deadline' | 'rungs'>,
  rule: ClockRule,
): ClockRecord {
  if (rule === 'keep' || !isMovable(clock)) return clock;
  if (rule === 'earlier' && fresh.deadline >= clock.deadline) return clock;
  const breach = fresh.rungs.findIndex((rung) => rung.do === 'breach');
  const next = { ...clock, deadline: fresh.deadline, rungs: fresh.rungs };
  return { ...next, climbed: Math.min(clock.climbed, Math.max(0, breach)) };
}

/** Whether a change of policy may still move a clock. */
const isMovable = (clock: ClockRecord): boolean =>
  clock.metAt === undefined &&
  clock.endedAt === undefined &&
  clock.breachedAt === undefined &&
  clock.snoozes === 0 &&
  clock.rungs[clock.climbed]?.do !== 'end';

const sayTheSame = (one: ClockRecord, other: ClockRecord) =>
  one.deadline === other.deadline &&
  one.climbed === other.climbed &&
  JSON.stringify(one.rungs) === JSON.stringify(other.rungs);

/** What the running clock of a hand-off becomes; `undefined` where none runs or nothing changes. */
export function movedClock(
  hub: Pick<Hub, 'playbook'>,
  handoff: Handoff,
  rule: ClockRule,
): ClockRecord | undefined {
  const clock = handoff.status === 'open' ? runningClock(handoff) : undefined;
  if (clock === undefined || hub.playbook.clocks[clock.clock] === undefined) return undefined;
  const next = rebasedClock(clock, asOpenedNow(hub, handoff, clock), rule);
  return sayTheSame(clock, next) ? undefined : next;
}

/** The clock by the policy in force, opened when it was, with the time that outages and pauses gave. */
function asOpenedNow(
  { playbook }: Pick<Hub, 'playbook'>,
  handoff: Handoff,
  clock: ClockRecord,
): Pick<ClockRecord, 'deadline' | 'rungs'> {
  const { owner, round, openedAt } = clock;
  const then = { playbook, now: () => new Date(openedAt) };
  const fresh = openRoundClock(then, { ...handoff, owner, round }, clock.clock);
  return moved(measureOf(calendarFor(playbook, owner), fresh), fresh, givenMs(clock));
}

/**
 * Moves the running clocks of hand-offs by the policies in force, and tells the runs that wait
 * under them. Repeated, it comes to the same; answers how many clocks were moved this time.
 */
export async function rebaseClocks(
  hub: Hub,
  {
    rule,
    handoffs,
  }: { rule: Exclude<ClockRule, 'keep'>; handoffs: Iterable<Key> | AsyncIterable<Key> },
): Promise<number> {
  let count = 0;
  for await (const key of handoffs) {
    const { handoff, changed } = await untilWritten(() => move(hub, key, rule));
    if (changed) count += 1;
    // Also where nothing changed: whoever moved the clock may have died before it told the run.
    if (handoff?.wait !== undefined && handoff.status === 'open') {
      await hub.runs.fail(handoff.wait.token, CLOCK_CHANGED, 'the playbook changed');
    }
  }
  return count;
}

async function move(
  hub: Hub,
  key: Key,
  rule: ClockRule,
): Promise<{ handoff: Handoff | undefined; changed: boolean }> {
  const stored = await read(hub.records, Handoff, key);
  const handoff = stored?.data;
  const clock = handoff && movedClock(hub, handoff, rule);
  if (stored === undefined || handoff === undefined || clock === undefined)
    return { handoff, changed: false };
  const before = handoff.clocks.find(({ id }) => id === clock.id);
  const clocks = handoff.clocks.map((one) => (one.id === clock.id ? clock : one));
  const person = await readExisting(hub.records, Person, personKey(handoff.personId));
  const nextAction = { what: clock.clock, at: clock.deadline };
  const { version } = hub.playbook;
  await hub.records.write([
    {
      put: handoffItem({ ...handoff, clocks }, stored.version + 1),
      if: { version: stored.version },
    },
    {
      put: personItem({ ...person.data, nextAction }, person.version + 1),
      if: { version: person.version },
    },
    {
      put: logItem(hub, handoff.personId, `${handoff.id}/${clock.id}/rebased/${version}`, {
        at: hub.now().toISOString(),
        kind: 'clock',
        title: `clock ${clock.clock}: the playbook changed, ${clock.owner} until ${clock.deadline}`,
        detail: { clock: clock.id, rule, from: before?.deadline, to: clock.deadline, version },
      }),
    },
  ]);
  return { handoff: { ...handoff, clocks }, changed: true };
}
