import type { Territory } from './policy.ts';

/** Countries that belong to a territory for a time; without an end for good. */
export interface TerritorySpan {
  readonly countries: readonly string[];
  readonly validFrom?: string | undefined;
  readonly validTo?: string | undefined;
}

/** What a territory is made of over time. */
const spansOf = (territory: Territory): readonly TerritorySpan[] =>
  territory.map((part) => (typeof part === 'string' ? { countries: [part] } : part));

/** Whether a country belongs to a territory at a moment; dates are in UTC, both ends included. */
export function liesIn(territory: Territory, country: string | undefined, now: Date): boolean {
  if (country === undefined) return false;
  const code = country.trim().toUpperCase();
  const date = now.toISOString().slice(0, 10);
  return spansOf(territory).some(
    ({ countries, validFrom = '', validTo = '9999-12-31' }) =>
      countries.includes(code) && validFrom <= date && date <= validTo,
  );
}

/** The countries of a territory, each with when it belongs to it. */
export function countriesOf(territory: Territory): Map<string, TerritorySpan[]> {
  const found = new Map<string, TerritorySpan[]>();
  for (const span of spansOf(territory)) {
    for (const country of span.countries) {
      found.set(country, [...(found.get(country) ?? []), span]);
    }
  }
  return found;
}

/** Whether two spans share a day. */
export const meet = (one: TerritorySpan, other: TerritorySpan): boolean =>
  (one.validFrom ?? '') <= (other.validTo ?? '9999-12-31') &&
  (other.validFrom ?? '') <= (one.validTo ?? '9999-12-31');

/** Whether one span covers all days of the other. */
export const covers = (one: TerritorySpan, other: TerritorySpan): boolean =>
  (one.validFrom ?? '') <= (other.validFrom ?? '') &&
  (other.validTo ?? '9999-12-31') <= (one.validTo ?? '9999-12-31');
