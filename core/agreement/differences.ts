import { canonical } from '#core/canonical.ts';
import type { Condition } from '#core/scoring/condition.ts';
import type { Agreement, Clause } from './agreement.ts';
import { Party } from './parties.ts';

type Signed = Pick<Agreement, 'parties'>;

/** What changed from one text of the agreement to another, a sentence each; empty when nothing did. */
export function differences(before: Agreement, after: Agreement): string[] {
  return [
    ...partyDifferences(before, after),
    ...changed('the review date', before.reviewBy, after.reviewBy),
    ...clauseDifferences(before, after),
  ];
}

/** Who may sign and could not before, and the other way round. */
export function partyDifferences(before: Signed, after: Signed): string[] {
  return Party.options.flatMap((party) => {
    const [old = [], now = []] = [before.parties[party], after.parties[party]];
    return [
      ...now.filter((one) => !old.includes(one)).map((one) => `${one} may sign as ${party} now`),
      ...old
        .filter((one) => !now.includes(one))
        .map((one) => `${one} may not sign as ${party} any more`),
    ];
  });
}

function clauseDifferences(before: Agreement, after: Agreement): string[] {
  const find = ({ clauses }: Agreement, id: string) => clauses.find((clause) => clause.id === id);
  const ids = [...new Set([...before.clauses, ...after.clauses].map(({ id }) => id))];
  const lines = ids.flatMap((id) => {
    const [old, now] = [find(before, id), find(after, id)];
    if (old === undefined) return [`clause ${id} is new: ${now?.text}`];
    if (now === undefined) return [`clause ${id} is gone: ${old.text}`];
    return clauseChanges(id, old, now);
  });
  const order = ({ clauses }: Agreement) => clauses.map(({ id }) => id).join(', ');
  const moved = lines.length === 0 && order(before) !== order(after);
  return moved ? [`the clauses stand in another order: ${order(after)}`] : lines;
}

function clauseChanges(id: string, old: Clause, now: Clause): string[] {
  const lanes = ({ lanes }: Clause) => lanes?.join(', ') ?? 'all';
  const customers = ({ concernsCustomers }: Clause) => (concernsCustomers ? 'yes' : 'no');
  const sameExamples = canonical(old.examples) === canonical(now.examples);
  return [
    ...changed(`clause ${id}: its text`, old.text, now.text),
    ...changed(`clause ${id}: what it asks`, inWords(old.when), inWords(now.when)),
    ...changed(`clause ${id}: its lanes`, lanes(old), lanes(now)),
    ...changed(`clause ${id}: whether it concerns customers`, customers(old), customers(now)),
    ...(sameExamples
      ? []
      : [`clause ${id}: its examples changed (${old.examples.length} to ${now.examples.length})`]),
  ];
}

/** A sentence where two words are not the same. */
export const changed = (what: string, old: string, now: string): string[] =>
  old === now ? [] : [`${what} changed from "${old}" to "${now}"`];

/** A condition as people read it: `rating is one of hot, qualified`. */
export function inWords(condition: Condition): string {
  if ('all' in condition) return condition.all.map(inWords).join(' and ');
  if ('any' in condition) return condition.any.map(inWords).join(' or ');
  const { field, is, in: some, notIn, matches, atLeast, between } = condition;
  if (is !== undefined) return `${field} is ${is}`;
  if (some !== undefined) return `${field} is one of ${some.join(', ')}`;
  if (notIn !== undefined) return `${field} is known and none of ${notIn.join(', ')}`;
  if (matches !== undefined) return `${field} matches ${matches}`;
  if (atLeast !== undefined) return `${field} is at least ${atLeast}`;
  return `${field} is from ${between?.[0]} to ${between?.[1]}`;
}
