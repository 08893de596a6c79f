import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import { Lane } from '#core/scoring/model.ts';
import { addDuration, addWorkingMs, type Calendar, workingMsBetween } from './business-time.ts';
import { type Duration, DurationText, parseDuration } from './duration.ts';
import { PausePolicy } from './pause.ts';
import { ChangesOfHands, Rung, RungAction } from './running.ts';

const LadderRung = z.strictObject({
  /** The share of the clock's time that is used up. */
  at: z.string().regex(/^[1-9]\d{0,3}%$/, 'must be a percentage such as 50%'),
  do: RungAction.exclude(['warn', 'tell']),
  /** On `reassign` alone: how often one hand-off may change hands, all ladders and steps together. */
  atMost: ChangesOfHands.optional(),
});
type LadderRung = z.infer<typeof LadderRung>;

const percentOf = (rung: { at: string }) => Number.parseInt(rung.at, 10);

/** What is wrong with a rung that gives the lead to somebody else; nothing for any other. */
function wrongReassign({ at, do: action, atMost }: LadderRung): string | undefined {
  if (action !== 'reassign') return atMost === undefined ? undefined : 'has "atMost" without need';
  if (atMost === undefined) return 'must say with "atMost" how often a lead may change hands';
  return percentOf({ at }) > 100 ? undefined : 'must not take a lead away before the breach';
}

const Ladder = z.array(LadderRung).superRefine((ladder, context) => {
  const complain = (message: string, path: (string | number)[] = []) =>
    context.addIssue({ code: 'custom', message, path });
  for (const [index, rung] of ladder.entries()) {
    const previous = ladder[index - 1];
    if (previous !== undefined && percentOf(previous) >= percentOf(rung)) {
      complain(`must come before the rung at ${previous.at}`, [index, 'at']);
    }
    if ((rung.do === 'breach') !== (percentOf(rung) === 100)) {
      complain('must breach at 100%, and only there', [index]);
    }
    if ((rung.do === 'end') !== (index === ladder.length - 1)) {
      complain('must do "end" on its last rung, and only there', [index, 'do']);
    }
    const wrong = wrongReassign(rung);
    if (wrong !== undefined) complain(wrong, [index]);
  }
  if (!ladder.some(({ do: action }) => action === 'breach')) complain('must breach at 100%');
});

/** Who may keep the ladder from its end during the grace, for how long and how often. */
const VetoPolicy = z.strictObject({
  by: z.literal('manager'),
  extends: DurationText,
  atMost: z.int().min(1).max(5),
});
export type VetoPolicy = z.infer<typeof VetoPolicy>;

/** How long each lane may take, and what happens on the way. */
export const ClockPolicy = z
  .strictObject({
    /** `default` stands for the lanes that are not named. */
    by: z.partialRecord(z.enum([...Lane.options, 'default']), DurationText),
    ladder: Ladder,
    pause: PausePolicy.optional(),
    /** How long the end of the ladder is put off, for owner and manager to be warned. */
    grace: DurationText.optional(),
    veto: VetoPolicy.optional(),
  })
  .refine(({ grace, veto }) => veto === undefined || grace !== undefined, {
    error: 'needs a "grace", in which the veto can be given',
    path: ['veto'],
  });
export type ClockPolicy = z.infer<typeof ClockPolicy>;

/** What clocks.json holds: clocks by the id that workflows name. */
export const ClockPolicies = z.record(z.string(), ClockPolicy);
export type ClockPolicies = z.infer<typeof ClockPolicies>;

/** A running clock: when it is due, and when to do what. */
export const Clock = z.strictObject({ deadline: z.iso.datetime(), rungs: z.array(Rung) });
export type Clock = z.infer<typeof Clock>;

/** How long a lane may take, as ops wrote it; a lane that is not named takes the default. */
export function timeOf(policy: ClockPolicy, lane: string): Duration {
  const times: Readonly<Record<string, string | undefined>> = policy.by;
  const text = times[lane] ?? times['default'];
  if (text !== undefined) return parseDuration(text);
  throw new HubError(
    'config',
    'clock_without_time',
    `The clock gives no time for the lane "${lane}". Add the lane, or "default", under "by".`,
  );
}

/**
 * Opens a clock. Rungs stand at shares of working time where the policy counts working time, and
 * of plain time where it counts plain time.
 */
export function openClock(
  policy: ClockPolicy,
  lane: string,
  calendar: Calendar,
  from: Date,
): Clock {
  const duration = timeOf(policy, lane);
  const deadline = addDuration(calendar, from, duration);
  const instantAt =
    duration.kind === 'plain' ? plainShare(from, deadline) : workingShare(calendar, from, deadline);
  const rungs = policy.ladder.map((rung) => ({
    at: percentOf(rung) === 100 ? deadline.toISOString() : instantAt(percentOf(rung)),
    do: rung.do,
    ...(rung.atMost === undefined ? {} : { atMost: rung.atMost }),
  }));
  return {
    deadline: deadline.toISOString(),
    rungs: policy.grace === undefined ? rungs : withGrace(rungs, policy.grace, calendar),
  };
}

/** The ladder with its end put off by the grace, and the warning of it where the end was. */
function withGrace(rungs: readonly Rung[], grace: string, calendar: Calendar): Rung[] {
  return rungs.flatMap((rung): Rung[] => {
    if (rung.do !== 'end') return [rung];
    const end = addDuration(calendar, new Date(rung.at), parseDuration(grace));
    return [
      { at: rung.at, do: 'warn' },
      { at: end.toISOString(), do: 'end' },
    ];
  });
}

type InstantAt = (percent: number) => string;
const instant = (ms: number) => new Date(ms).toISOString();

function plainShare(from: Date, deadline: Date): InstantAt {
  const whole = deadline.getTime() - from.getTime();
  return (percent) => instant(from.getTime() + Math.round((whole * percent) / 100));
}

function workingShare(calendar: Calendar, from: Date, deadline: Date): InstantAt {
  const whole = workingMsBetween(calendar, from.getTime(), deadline.getTime());
  return (percent) =>
    instant(
      addWorkingMs(calendar, from.getTime(), Math.max(1, Math.round((whole * percent) / 100))),
    );
}

/** The rung to wait for when so many have been climbed; none when the ladder is at its end. */
export function nextRung(clock: Clock, climbed: number): Rung | undefined {
  return clock.rungs[climbed];
}
