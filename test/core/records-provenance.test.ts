import type { Person } from '#core/records/person.ts';
import { BEFORE_ALL, fieldCoverage, provenanceOf } from '#core/records/provenance.ts';

const NOW = new Date('2026-11-23T09:00:00Z');
const ago = (days: number) => new Date(NOW.getTime() - days * 86_400_000).toISOString();

const person = (changes: Partial<Person>): Person => ({
  ...{ id: 'per_1', facts: {}, factsAt: {}, external: [], anonymousIds: [], cycle: 1 },
  ...{ firstSeenAt: ago(99), standing: 'nurture', suppressed: false },
  owner: { kind: 'track', id: 'timing' },
  nextAction: { what: 'look for fresh interest', at: NOW.toISOString() },
  ...changes,
});

const told = (days: number, from = 'pdl') =>
  person({
    facts: { title: 'CTO' },
    factsAt: { title: BEFORE_ALL },
    enriched: { title: { from, at: ago(days) } },
  });
/** A provider told it first, and then somebody corrected it. */
const corrected = person({ ...told(99), factsAt: { title: ago(1) } });

test.each([
  ['nobody knows it', person({}), undefined],
  ['a provider told it lately', told(89), { provider: 'pdl', at: ago(89), stale: false }],
  ['a provider told it long ago', told(90), { provider: 'pdl', at: ago(90), stale: true }],
  ['a human corrected the provider', corrected, { at: ago(1), stale: false }],
  ['no time is known', person({ facts: { title: 'CTO' } }), { stale: false }],
])('where a fact is from: %s', (_case, who, from) => {
  expect(provenanceOf(who, 'title', NOW)).toEqual(from);
});

test('coverage tells by whose word a field is known, and how old the word of providers is', () => {
  const people = [person({}), corrected, told(3), told(5, 'apollo'), told(120)];
  expect(fieldCoverage(people, ['title', 'company'], NOW)).toEqual([
    {
      field: 'title',
      known: 4,
      people: 1,
      providers: { pdl: 2, apollo: 1 },
      stale: 1,
      medianAgeDays: 5,
    },
    { field: 'company', known: 0, people: 0, providers: {}, stale: 0, medianAgeDays: null },
  ]);
});
