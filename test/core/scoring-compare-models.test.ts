import fc from 'fast-check';
import { type Compared, compareModels, handsOver } from '#core/scoring/compare-models.ts';
import { Lane, Rating } from '#core/scoring/model.ts';

const MODELS = { champion: 'default', challenger: 'strict' };
const said = fc.record({
  rating: fc.constantFrom(...Rating.options),
  lane: fc.constantFrom(...Lane.options),
});
const outcome = fc.record(
  {
    accepted: fc.boolean(),
    reason: fc.constantFrom('no_response', 'bad_fit'),
    closed: fc.constantFrom('won' as const, 'lost' as const),
  },
  { requiredKeys: ['accepted'] },
);
const compared: fc.Arbitrary<Compared> = fc
  .record({ one: said, other: said, outcome: fc.option(outcome, { nil: undefined }) })
  .map(({ one, other, outcome: became }) => ({
    person: 'per_1',
    at: '2026-11-20T09:00:00.000Z',
    rated: {
      ...{ model: 'default', grade: 'A1', run: 'r', ...one },
      challenger: { model: 'strict', grade: 'B2', ...other },
    },
    outcome: became,
  }));
const ratings = fc.array(compared, { maxLength: 30 });

test('law: every rating stands once in the lanes, and alone with one model or with neither', () => {
  fc.assert(
    fc.property(ratings, (all) => {
      const of = compareModels(MODELS, all);
      expect(of.lanes.reduce((sum, { leads }) => sum + leads, 0)).toBe(all.length);
      const both = all.filter((one) => handsOver(one.rated) && handsOver(one.rated.challenger));
      expect(of.champion.handsOver).toBe(both.length + of.onlyChampion.length);
      expect(of.challenger.handsOver).toBe(both.length + of.onlyChallenger.length);
      for (const { had, handsOver: given, accepted, reasons, rejected } of [
        of.champion,
        of.challenger,
      ]) {
        expect(had).toBeLessThanOrEqual(given);
        expect(accepted).toBeLessThanOrEqual(had);
        expect(reasons.reduce((sum, { leads }) => sum + leads, 0)).toBe(rejected);
      }
    }),
  );
});

test('law: with the roles changed the same is said the other way round', () => {
  fc.assert(
    fc.property(ratings, (all) => {
      const swapped = all.map(({ rated: { challenger, run, ...champion }, ...lead }) => ({
        ...lead,
        rated: { ...challenger, run, challenger: champion },
      }));
      const of = compareModels(MODELS, all);
      const turned = compareModels({ champion: 'strict', challenger: 'default' }, swapped);
      expect(turned.alike).toBe(of.alike);
      expect(turned.champion).toEqual(of.challenger);
      expect(turned.challenger).toEqual(of.champion);
      expect(turned.onlyChampion).toHaveLength(of.onlyChallenger.length);
    }),
  );
});

test.each([
  ['hot', 'hot', true],
  ['qualified', 'qualified', true],
  ['warm', 'warm', false],
  ['nurture', 'hand-raiser', true],
  ['disqualified', 'hand-raiser', false],
  ['warm', 'customer', false],
] as const)('rated %s in the lane %s: handed over %s', (rating, lane, given) => {
  expect(handsOver({ rating, lane })).toBe(given);
});

test('precision is of those that were answered, and unknown where none was', () => {
  const lead = (rating: Rating, became?: Compared['outcome']): Compared => ({
    person: 'per_1',
    at: '2026-11-20T09:00:00.000Z',
    rated: {
      ...{ model: 'default', grade: 'A1', lane: 'hot', run: 'r', rating: 'hot' },
      challenger: { model: 'strict', grade: 'A1', lane: 'hot', rating },
    },
    outcome: became,
  });
  const of = compareModels(MODELS, [
    lead('hot', { accepted: true, closed: 'won' }),
    lead('warm', { accepted: false, reason: 'bad_fit' }),
    lead('warm', { accepted: true, reason: 'no_budget' }),
    lead('hot', { accepted: false }),
    lead('hot'),
  ]);
  expect(of.champion).toMatchObject({ handsOver: 5, had: 4, accepted: 2, rejected: 2, won: 1 });
  expect(of.champion.precision).toBeCloseTo(2 / 3);
  expect(of.champion.reasons).toEqual([
    { reason: 'bad_fit', leads: 1 },
    { reason: 'no_budget', leads: 1 },
  ]);
  expect(of.challenger).toMatchObject({ handsOver: 3, had: 2, precision: 1 });
  expect(of.onlyChampion).toHaveLength(2);
  expect(compareModels(MODELS, [lead('hot')]).champion).not.toHaveProperty('precision');
});
