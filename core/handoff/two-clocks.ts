import { workingMsBetween } from '#core/clocks/business-time.ts';
import type { Playbook } from '#core/playbook.ts';
import type { Handoff } from '#core/records/handoff.ts';
import { calendarFor } from './calendar.ts';

/** Two clocks that no report may mix: what the hub needed, and what people needed after it. */
export interface TwoClocks {
  /** Milliseconds of plain time from what the lead did until its first owner was told. */
  readonly systemMs?: number | undefined;
  /** Milliseconds of working time since the owner of this round was told, until they acted. */
  readonly humanMs?: number | undefined;
  /** Whether the owner has acted: taken the lead or given it back, or worked it. */
  readonly acted: boolean;
}

/** How long the system and its people took over a hand-off, up to now where nobody acted yet. */
export function twoClocks(playbook: Playbook, handoff: Handoff, now: Date): TwoClocks {
  const { askedAt, firstAssignedAt, assignedAt, closedAt, signals } = handoff;
  const answers = [signals.accepted, signals.rejected, signals.worked, signals.opportunity];
  const actedAt = answers
    .map((signal) => signal?.at)
    .filter((at) => at !== undefined)
    .toSorted()[0];
  const between = (from: string | undefined, until: string | undefined, count: Count) =>
    from === undefined || until === undefined
      ? undefined
      : Math.max(0, count(Date.parse(from), Date.parse(until)));
  const calendar = calendarFor(playbook, handoff.owner);
  return {
    systemMs: between(askedAt, firstAssignedAt, (from, until) => until - from),
    humanMs: between(assignedAt, actedAt ?? closedAt ?? now.toISOString(), (from, until) =>
      workingMsBetween(calendar, from, until),
    ),
    acted: actedAt !== undefined,
  };
}

type Count = (from: number, until: number) => number;
