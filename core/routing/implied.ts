import type { Condition } from '#core/scoring/condition.ts';
import type { RuleTier, Territory } from './policy.ts';
import { countriesOf, covers } from './territory.ts';

/** One question of a condition. */
type Clause = Exclude<Condition, { all: unknown } | { any: unknown }>;
/** Questions that must all be answered yes. */
type Branch = readonly Clause[];

type Value = string | number | boolean;
const plain = (value: Value): Value =>
  typeof value === 'string' ? value.trim().toLowerCase() : value;

/** The ways in which a condition can be true. */
function branchesOf(condition: Condition | undefined): Branch[] {
  if (condition === undefined) return [[]];
  if ('all' in condition) return [condition.all];
  if ('any' in condition) return condition.any.map((clause) => [clause]);
  return [[condition]];
}

/** The values that a question allows, if it names them. */
function valuesOf({ is, in: some }: Clause): readonly Value[] | undefined {
  if (is !== undefined) return [plain(is)];
  return some?.map(plain);
}

/** Whether a value answers a question with yes; a pattern is not asked and counts as yes. */
function allows(clause: Clause, value: Value): boolean {
  const { atLeast, between, notIn } = clause;
  const values = valuesOf(clause);
  if (values !== undefined) return values.includes(value);
  if (notIn !== undefined) return !notIn.map(plain).includes(value);
  if (atLeast !== undefined) return typeof value === 'number' && value >= atLeast;
  if (between === undefined) return true;
  return typeof value === 'number' && between[0] <= value && value <= between[1];
}

/** The numbers that a question allows. */
function rangeOf({ atLeast, between }: Clause): readonly [number, number] | undefined {
  if (between !== undefined) return between;
  return atLeast === undefined ? undefined : [atLeast, Number.POSITIVE_INFINITY];
}

/** Whether whatever answers the one question with yes does so with the other. */
function impliesClause(given: Clause, wanted: Clause): boolean {
  if (given.field !== wanted.field) return false;
  if (JSON.stringify(given) === JSON.stringify(wanted)) return true;
  if (wanted.matches !== undefined) return false;
  const values = valuesOf(given);
  if (values !== undefined) return values.every((value) => allows(wanted, value));
  const [range, wide] = [rangeOf(given), rangeOf(wanted)];
  if (range !== undefined && wide !== undefined) return wide[0] <= range[0] && range[1] <= wide[1];
  const { notIn } = wanted;
  const without = given.notIn?.map(plain);
  return without !== undefined && notIn?.every((value) => without.includes(plain(value))) === true;
}

/** Whether no answer at all fits all questions; only what is certain counts. */
function isImpossible(branch: Branch): boolean {
  return branch.some(({ field }) => {
    const about = branch.filter((clause) => clause.field === field);
    const values = about.map(valuesOf).find((some) => some !== undefined);
    if (values !== undefined) {
      return !values.some((value) => about.every((clause) => allows(clause, value)));
    }
    const ranges = about.map(rangeOf).filter((range) => range !== undefined);
    const from = Math.max(...ranges.map(([start]) => start));
    const to = Math.min(...ranges.map(([, end]) => end));
    return ranges.length > 0 && from > to;
  });
}

type Territories = Readonly<Record<string, Territory>>;

/** The questions of a tier, its territory's countries among them. */
function questionsOf({ when, territory }: RuleTier, territories: Territories): Branch[] {
  const countries = territory === undefined ? undefined : territories[territory];
  if (countries === undefined) return branchesOf(when);
  const where: Clause = { field: 'country', in: [...countriesOf(countries).keys()] };
  return branchesOf(when).map((branch) => [...branch, where]);
}

/** Whether a tier's questions contradict each other, so that it never applies. */
export const neverApplies = (tier: RuleTier, territories: Territories): boolean =>
  questionsOf(tier, territories).every(isImpossible);

/** Whether a tier applies to every lead, at any time, to which another one does. Never wrongly so. */
export function appliesWherever(
  tier: RuleTier,
  other: RuleTier,
  territories: Territories,
): boolean {
  const branches = questionsOf(other, territories);
  return branches.every(
    (given) =>
      isImpossible(given) ||
      (isWithin(other, given, tier, territories) &&
        branchesOf(tier.when).some((wanted) =>
          wanted.every((clause) => given.some((one) => impliesClause(one, clause))),
        )),
  );
}

/** Whether all of a branch lies in the territory of a tier, whenever it is. */
function isWithin(
  other: RuleTier,
  branch: Branch,
  { territory }: RuleTier,
  territories: Territories,
): boolean {
  if (territory === undefined || territory === other.territory) return true;
  const wide = countriesOf(territories[territory] ?? []);
  const narrow = territories[other.territory ?? ''];
  if (narrow !== undefined) {
    return [...countriesOf(narrow)].every(([country, spans]) =>
      spans.every((span) => wide.get(country)?.some((one) => covers(one, span)) === true),
    );
  }
  return branch.some(
    (clause) =>
      clause.field === 'country' &&
      valuesOf(clause)?.every((value) =>
        wide
          .get(String(value).toUpperCase())
          ?.some(({ validFrom, validTo }) => validFrom === undefined && validTo === undefined),
      ) === true,
  );
}
