import { movedClock } from '#core/handoff/rebase.ts';
import { runningClock } from '#core/handoff/signals.ts';
import type { Playbook } from '#core/playbook.ts';
import { Handoff } from '#core/records/handoff.ts';
import type { ClockRule } from '#core/versions/versions.ts';
import type { StandingRun, StoreReader } from '#platform/embedded/reader.ts';
import type { Concern } from '#workflows/language/diff.ts';

/** What is under way in a store. */
export interface UnderWay {
  readonly runs: readonly StandingRun[];
  /** Hand-offs that somebody of sales has. */
  readonly handoffs: readonly Handoff[];
}

/** Looks at a store as it is at one moment. */
export function lookAt(store: StoreReader): UnderWay {
  return store.atOneMoment(() => {
    const handoffs: Handoff[] = [];
    for (const { data } of store.eachItem(['handoff'])) {
      const { success, data: handoff } = Handoff.safeParse(data);
      if (success && ['open', 'assigning'].includes(handoff.status)) handoffs.push(handoff);
    }
    return { runs: [...store.runs.standing()], handoffs };
  });
}

/** How many leads under way a change concerns. */
export function countOf({ runs, handoffs }: UnderWay, concern: Concern): number {
  switch (concern.kind) {
    case 'runs':
      return runs.filter(
        ({ workflow, step }) =>
          workflow === concern.workflow && (concern.step === undefined || step === concern.step),
      ).length;
    case 'clocks':
      return handoffs.filter((one) => runningClock(one)?.clock === concern.clock).length;
    case 'leads':
      return handoffs.filter(({ owner }) => owner === concern.owner).length;
  }
}

/** What a rule would do to the running clocks. */
export interface ClockPreview {
  readonly rule: ClockRule;
  readonly moved: number;
  /** Of them, those that would be over at once. */
  readonly dueAtOnce: number;
}

/** What each rule would do to the running clocks under another playbook. */
export function previewClocks(
  { handoffs }: UnderWay,
  playbook: Playbook,
  now: Date,
): ClockPreview[] {
  return (['keep', 'rebase', 'earlier'] as const).map((rule) => {
    const moved = handoffs.flatMap((one) => movedClock({ playbook }, one, rule) ?? []);
    const dueAtOnce = moved.filter(({ deadline }) => deadline <= now.toISOString()).length;
    return { rule, moved: moved.length, dueAtOnce };
  });
}
