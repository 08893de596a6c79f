import * as z from 'zod';
import type { PersonFacts } from '#core/events.ts';
import { isFreemail, registrableDomain } from '#core/identity/domain.ts';
import type { AccountFacts } from './account-facts.ts';

const Scalar = z.union([z.string(), z.number(), z.boolean()]);
type Scalar = z.infer<typeof Scalar>;

export interface ConditionFacts {
  readonly person: PersonFacts;
  readonly account?: AccountFacts | undefined;
  readonly score?: { readonly rating: string; readonly lane: string } | undefined;
}

/**
 * What a condition can ask about. Where both may know it, what the person says of the company
 * comes first and the account's record stands in.
 */
const FIELDS = {
  title: ({ person }) => person.title,
  email: ({ person }) => person.email,
  emailDomain: ({ person }) => person.email && registrableDomain(person.email),
  /** Whether the address is at a provider of free mailboxes. */
  freemail: ({ person }) => person.email && isFreemail(person.email),
  company: ({ person, account }) => person.company ?? account?.name,
  country: ({ person, account }) => person.country ?? account?.country,
  region: ({ person }) => person.region,
  industry: ({ person, account }) => person.industry ?? account?.industry,
  employees: ({ person, account }) => person.employees ?? account?.employees,
  status: ({ person }) => person.status,
  unsubscribed: ({ person }) => person.unsubscribed,
  customer: ({ person, account }) => person.customer ?? account?.customer,
  selfReportedSource: ({ person }) => person.selfReportedSource,
  targetAccount: ({ account }) => account?.targetAccount,
  targetTier: ({ account }) => account?.targetTier,
  accountDomain: ({ account }) => account?.domain,
  accountName: ({ account }) => account?.name,
  rating: ({ score }) => score?.rating,
  lane: ({ score }) => score?.lane,
} satisfies Record<string, (facts: ConditionFacts) => Scalar | undefined>;

const Field = z.enum(Object.keys(FIELDS) as [keyof typeof FIELDS, ...(keyof typeof FIELDS)[]]);

/** Long enough for a list of titles; a longer pattern is a list that belongs under "in". */
const PATTERN_LENGTH = 300;

/** Whether the text is a regular expression that we are willing to run. */
export function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'iu').source.length <= PATTERN_LENGTH;
  } catch {
    return false;
  }
}

const Pattern = z.string().refine(isPattern, {
  error: `must be a regular expression of at most ${PATTERN_LENGTH} characters`,
});

const OPERATORS = ['is', 'in', 'notIn', 'matches', 'atLeast', 'between'] as const;

/** One question about one field. What is unknown answers no to every question. */
const Clause = z
  .strictObject({
    field: Field,
    is: Scalar.optional(),
    in: z.array(Scalar).min(1).optional(),
    notIn: z.array(Scalar).min(1).optional(),
    /** A regular expression, found anywhere in the text, whatever the case. */
    matches: Pattern.optional(),
    atLeast: z.number().optional(),
    /** Both ends included. */
    between: z.tuple([z.number(), z.number()]).optional(),
  })
  .refine((clause) => OPERATORS.filter((operator) => clause[operator] !== undefined).length === 1, {
    error: `must ask exactly one of ${OPERATORS.join(', ')}`,
  });
type Clause = z.infer<typeof Clause>;

export const Condition = z.union([
  Clause,
  z.strictObject({ all: z.array(Clause).min(1) }),
  z.strictObject({ any: z.array(Clause).min(1) }),
]);
export type Condition = z.infer<typeof Condition>;

/** Whether the condition is true of the facts. */
export function holds(condition: Condition, facts: ConditionFacts): boolean {
  if ('all' in condition) return condition.all.every((clause) => answers(clause, facts));
  if ('any' in condition) return condition.any.some((clause) => answers(clause, facts));
  return answers(condition, facts);
}

/** Whether the facts say anything about what the condition asks. */
export function isKnown(condition: Condition, facts: ConditionFacts): boolean {
  const clauses =
    'all' in condition ? condition.all : 'any' in condition ? condition.any : [condition];
  return clauses.some(({ field }) => knownValue(field, facts) !== undefined);
}

function knownValue(field: keyof typeof FIELDS, facts: ConditionFacts): Scalar | undefined {
  const value: Scalar | undefined = FIELDS[field](facts);
  return value === '' ? undefined : value;
}

function answers(clause: Clause, facts: ConditionFacts): boolean {
  const value = knownValue(clause.field, facts);
  if (value === undefined) return false;
  return typeof value === 'number' ? fits(clause, value) : says(clause, value);
}

function fits(clause: Clause, value: number): boolean {
  if (clause.atLeast !== undefined) return value >= clause.atLeast;
  if (clause.between !== undefined) return clause.between[0] <= value && value <= clause.between[1];
  return says(clause, value);
}

function says(clause: Clause, value: Scalar): boolean {
  if (clause.is !== undefined) return same(clause.is, value);
  if (clause.in !== undefined) return clause.in.some((wanted) => same(wanted, value));
  if (clause.notIn !== undefined) return !clause.notIn.some((wanted) => same(wanted, value));
  return (
    clause.matches !== undefined && patternOf(clause.matches).test(String(value).slice(0, 500))
  );
}

/** Text is compared without regard to case: `de` and `DE` are one country. */
function same(wanted: Scalar, value: Scalar): boolean {
  return typeof wanted === 'string' && typeof value === 'string'
    ? wanted.trim().toLowerCase() === value.trim().toLowerCase()
    : wanted === value;
}

const patterns = new Map<string, RegExp>();

/** Compiled once: a playbook has few patterns and sees many leads. */
export function patternOf(source: string): RegExp {
  const found = patterns.get(source);
  if (found !== undefined) return found;
  const pattern = new RegExp(source, 'iu');
  patterns.set(source, pattern);
  return pattern;
}
