import type { Agreement } from './agreement.ts';
import { mustSign } from './agreement.ts';
import { failingExamples } from './evaluate.ts';

export type Complain = (path: readonly (string | number)[], message: string) => void;

/** What is wrong with an agreement though each of its fields is sound: examples above all. */
export function checkAgreement(agreement: Agreement, complain: Complain): void {
  const ids = agreement.clauses.map(({ id }) => id);
  for (const [index, id] of ids.entries()) {
    if (ids.indexOf(id) < index)
      complain(['clauses', index, 'id'], 'is the id of an earlier clause');
  }
  for (const party of mustSign(agreement)) {
    if (agreement.parties[party] !== undefined) continue;
    complain(['parties'], `a clause concerns customers, so name who may sign as "${party}"`);
  }
  for (const { clause, example, message } of failingExamples(agreement)) {
    complain(['clauses', clause, 'examples', example], message);
  }
}
