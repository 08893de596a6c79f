import { type ConditionFacts, holds } from '#core/scoring/condition.ts';
import type { Agreement, Clause, Example } from './agreement.ts';

/** The clauses a lead was asked for and met, and those it did not; one of another lane is in neither. */
export interface Verdict {
  readonly passed: readonly Clause[];
  readonly failed: readonly Clause[];
}

/** Holds a lead against an agreement. It is sales-ready when no clause failed. */
export function evaluate({ clauses }: Pick<Agreement, 'clauses'>, facts: ConditionFacts): Verdict {
  const asked = clauses.filter((clause) => concerns(clause, facts));
  return {
    passed: asked.filter(({ when }) => holds(when, facts)),
    failed: asked.filter(({ when }) => !holds(when, facts)),
  };
}

function concerns({ lanes }: Pick<Clause, 'lanes'>, { score }: ConditionFacts): boolean {
  if (lanes === undefined || score === undefined || score.lane === '') return true;
  return lanes.some((lane) => lane === score.lane);
}

/** An example that does not come out as its authors said. */
export interface FailingExample {
  readonly clause: number;
  readonly example: number;
  readonly message: string;
}

/** Runs the examples inside an agreement; empty when each comes out as it says. */
export function failingExamples({ clauses }: Pick<Agreement, 'clauses'>): FailingExample[] {
  return clauses.flatMap((clause, index) =>
    clause.examples.flatMap((example, place) => {
      const { failed } = evaluate({ clauses: [clause] }, factsOf(example));
      const through = failed.length === 0;
      if (through === example.holds) return [];
      const message = through
        ? `the example "${example.name}" should fail clause "${clause.id}", but passes it`
        : `the example "${example.name}" should pass clause "${clause.id}", but fails it`;
      return [{ clause: index, example: place, message }];
    }),
  );
}

/** An example may leave rating or lane open; an empty word is what is not known. */
function factsOf({ person, account, rating, lane }: Example): ConditionFacts {
  const score = { rating: rating ?? '', lane: lane ?? '' };
  return { person, score, ...(account === undefined ? {} : { account }) };
}
