import type { Outcome } from './outcome.ts';

/** How the wins of a playbook compare with those of the one it is held against. */
export interface WinsCompared {
  readonly both: number;
  readonly sooner: number;
  readonly later: number;
  /** Over all wins of both: by how many days sooner, on average; below zero, later. */
  readonly meanDaysSooner: number | null;
  /** Won by the other alone. */
  readonly missed: number;
  /** Won by this one alone. */
  readonly gained: number;
}

const DAY_MS = 86_400_000;

/** Account by account: which wins `of` reaches sooner or later than `against`, misses or gains. */
export function compareWins(of: Outcome['wins'], against: Outcome['wins']): WinsCompared {
  const both = Object.keys(of).filter((account) => Object.hasOwn(against, account));
  const sooner = both.map(
    (account) => (Date.parse(against[account] ?? '') - Date.parse(of[account] ?? '')) / DAY_MS,
  );
  const sum = sooner.reduce((total, days) => total + days, 0);
  return {
    both: both.length,
    sooner: sooner.filter((days) => days > 0).length,
    later: sooner.filter((days) => days < 0).length,
    meanDaysSooner: both.length === 0 ? null : Math.round((10 * sum) / both.length) / 10,
    missed: Object.keys(against).length - both.length,
    gained: Object.keys(of).length - both.length,
  };
}
