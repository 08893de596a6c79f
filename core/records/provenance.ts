import type { PersonFacts } from '#core/events.ts';
import type { Person } from './person.ts';

/** Since when a provider's word counts: whatever a person or a colleague says is newer, however late it is told. */
export const BEFORE_ALL = new Date(0).toISOString();

/** A provider's word is asked anew when it is so old: job data goes stale slowly. */
export const STALE_AFTER_DAYS = 90;
const DAY_MS = 86_400_000;

/** Who told a fact, and when. */
export interface Provenance {
  /** The connection of the provider; absent for what the person, a colleague or a CRM said. */
  readonly provider?: string;
  readonly at?: string;
  /** Whether a provider told it too long ago; what people say is never stale. */
  readonly stale: boolean;
}

type Told = Pick<Person, 'facts' | 'factsAt' | 'enriched'>;

/** Who told a known fact of a person, and when; `undefined` where it is not known. */
export function provenanceOf(
  { facts, factsAt, enriched = {} }: Told,
  field: keyof PersonFacts,
  now: Date,
): Provenance | undefined {
  if (facts[field] === undefined) return undefined;
  const told = enriched[field];
  const at = factsAt[field];
  if (told === undefined || at !== BEFORE_ALL) {
    return { ...(at === undefined || at === BEFORE_ALL ? {} : { at }), stale: false };
  }
  const ageMs = now.getTime() - Date.parse(told.at);
  return { provider: told.from, at: told.at, stale: ageMs >= STALE_AFTER_DAYS * DAY_MS };
}

/** The fields that are known by a provider's word alone. */
export const toldByProviders = ({ facts, factsAt, enriched = {} }: Told): (keyof PersonFacts)[] =>
  (Object.keys(enriched) as (keyof PersonFacts)[]).filter(
    (field) => facts[field] !== undefined && factsAt[field] === BEFORE_ALL,
  );

/** How well one field is known of some people. */
export interface FieldCoverage {
  readonly field: keyof PersonFacts;
  readonly known: number;
  /** Told by people themselves, colleagues or a CRM. */
  readonly people: number;
  /** Told by providers, by their connections. */
  readonly providers: Readonly<Record<string, number>>;
  /** Of those: told so long ago that they are asked anew. */
  readonly stale: number;
  /** The middle age of what providers told, in whole days; `null` where they told nothing. */
  readonly medianAgeDays: number | null;
}

/** How well each field is known of some people, who told it, and how old it is. */
export function fieldCoverage(
  people: readonly Person[],
  fields: readonly (keyof PersonFacts)[],
  now: Date,
): FieldCoverage[] {
  return fields.map((field) => {
    const known = people.flatMap((one) => provenanceOf(one, field, now) ?? []);
    const told = known.filter(({ provider }) => provider !== undefined);
    const providers: Record<string, number> = {};
    for (const { provider = '' } of told) providers[provider] = (providers[provider] ?? 0) + 1;
    const ages = told
      .flatMap(({ at }) => (at === undefined ? [] : [now.getTime() - Date.parse(at)]))
      .sort((one, other) => one - other);
    const middle = ages[Math.floor((ages.length - 1) / 2)];
    return {
      field,
      known: known.length,
      people: known.length - told.length,
      providers,
      stale: told.filter(({ stale }) => stale).length,
      medianAgeDays: middle === undefined ? null : Math.floor(middle / DAY_MS),
    };
  });
}
