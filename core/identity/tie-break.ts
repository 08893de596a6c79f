/** What is known of an account beside who it is: it decides where as much speaks for two. */
export interface Standing {
  readonly id: string;
  readonly customer?: boolean | undefined;
  /** Whether a deal with it is open. */
  readonly opportunity?: boolean | undefined;
  readonly target?: boolean | undefined;
  /** How many people of it are known. */
  readonly contacts?: number | undefined;
  /** When somebody of it last did something; an instant. */
  readonly activeAt?: string | undefined;
  /** Since when the hub knows it; those from before that was kept are the oldest. */
  readonly since?: string | undefined;
}

const yes = (one: boolean | undefined) => Number(one ?? false);
/** The lower text first. */
const inOrder = (one: string, other: string) => (one < other ? -1 : Number(one > other));

/** In the order in which they are asked; each says who goes first, and how that is told. */
const CRITERIA: readonly {
  readonly words: (ahead: Standing) => string;
  readonly compare: (one: Standing, other: Standing) => number;
}[] = [
  { words: () => 'a customer', compare: (a, b) => yes(b.customer) - yes(a.customer) },
  {
    words: () => 'an open opportunity',
    compare: (a, b) => yes(b.opportunity) - yes(a.opportunity),
  },
  { words: () => 'a target account', compare: (a, b) => yes(b.target) - yes(a.target) },
  {
    words: ({ contacts }) => `most contacts (${contacts})`,
    compare: (a, b) => (b.contacts ?? 0) - (a.contacts ?? 0),
  },
  {
    words: ({ activeAt = '' }) => `active last, on ${activeAt.slice(0, 10)}`,
    compare: (a, b) => inOrder(b.activeAt ?? '', a.activeAt ?? ''),
  },
  {
    words: ({ since }) =>
      since === undefined ? 'the oldest' : `the oldest, since ${since.slice(0, 10)}`,
    compare: (a, b) => inOrder(a.since ?? '', b.since ?? ''),
  },
  { words: () => 'first by its id', compare: (a, b) => inOrder(a.id, b.id) },
];

/**
 * Which of two accounts goes first where as much speaks for both: customers, those with an open
 * opportunity, targets, those with most contacts, those active last, the oldest.
 */
export function byStanding(one: Standing, other: Standing): number {
  for (const { compare } of CRITERIA) {
    const order = compare(one, other);
    if (order !== 0) return order;
  }
  return 0;
}

/** Why the first of two accounts goes before the other, in words. */
export const aheadBecause = (first: Standing, other: Standing): string | undefined =>
  CRITERIA.find(({ compare }) => compare(first, other) !== 0)?.words(first);
