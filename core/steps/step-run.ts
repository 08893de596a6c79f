import type { Score } from '#core/scoring/score-lead.ts';

/** Where in which run a step is carried out, and what the run has decided so far. */
export interface StepRun {
  readonly run: string;
  readonly step: string;
  readonly workflow: string;
  readonly person: string;
  readonly event: string;
  /** When the state was entered: the same for each retry, another for each visit of a loop. */
  readonly entered: string;
  readonly handoff: {
    readonly id: string;
    readonly round: number;
    readonly owner: string;
    readonly lane: string;
  } | null;
  readonly score: Pick<Score, 'rating' | 'lane'> | null;
  readonly route: {
    readonly owner: string | null;
    readonly queue: string | null;
    readonly rule: string;
    /** The policy that chose, so that a reassignment asks the same one. */
    readonly policy: string;
  } | null;
  /** What the agreement said of the lead; absent where no step asked it. */
  readonly agreement?:
    | { readonly version: string | null; readonly clauses: readonly string[] }
    | null
    | undefined;
  /** Why the run left its straight path. */
  readonly reason: string | null;
}

/** Under what a decision of a step is recorded: a loop decides anew each time it comes by. */
export const visitOf = ({ run, step, entered, person }: StepRun) => ({
  run,
  step: `${step}@${entered}`,
  personId: person,
});
