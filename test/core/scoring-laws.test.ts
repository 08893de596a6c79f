import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { TouchKind } from '#core/events.ts';
import { ScoringModel } from '#core/scoring/model.ts';
import { Score } from '#core/scoring/score.ts';
import { type LeadFacts, scoreLead } from '#core/scoring/score-lead.ts';

const model = ScoringModel.parse(
  JSON.parse(readFileSync('workflows/definitions/scoring/default.json', 'utf8')),
);
const NOW = Date.parse('2026-11-22T12:00:00Z');
const now = new Date(NOW);
const DAY = 86_400_000;

const anyTouch = fc.record({
  id: fc.uuid(),
  kind: fc.constantFrom(...TouchKind.options),
  at: fc.integer({ min: -200 * DAY, max: DAY }).map((ms) => new Date(NOW + ms).toISOString()),
  name: fc.constantFrom('Pricing', 'Case study', 'Demo request', 'Blog'),
  url: fc.constantFrom(undefined, 'https://nw.example/pricing', 'https://nw.example/careers'),
});
const anyLead: fc.Arbitrary<LeadFacts> = fc.record({
  person: fc.record({
    email: fc.constantFrom(undefined, 'joe@acme.com', 'joe@gmail.com', 'joe@mit.edu'),
    title: fc.constantFrom(undefined, 'Head of IT', 'CEO', 'Student', 'Clerk'),
    employees: fc.constantFrom(undefined, 3, 70, 400, 4000, 90000),
    industry: fc.constantFrom(undefined, 'Software', 'Retail', 'Farming'),
    country: fc.constantFrom(undefined, 'DE', 'FR', 'IN', 'KP'),
    customer: fc.constantFrom(undefined, true, false),
  }),
  touches: fc.uniqueArray(anyTouch, { maxLength: 40, selector: ({ id }) => id }),
  handRaiser: fc.boolean(),
});

test('law: the order of touches does not matter', () => {
  fc.assert(
    fc.property(anyLead, fc.integer({ min: 1, max: 40 }), (lead, cut) => {
      const turned = [...lead.touches.slice(cut), ...lead.touches.slice(0, cut)].reverse();
      expect(scoreLead(model, { ...lead, touches: turned }, now)).toEqual(
        scoreLead(model, lead, now),
      );
    }),
  );
});

/** A mail that was received shows who clicked in it within seconds: a machine, which earns nothing. */
const anyDeed = anyTouch.filter(({ kind }) => kind !== 'email-received');

test('law: a touch more never makes the engagement smaller', () => {
  fc.assert(
    fc.property(anyLead, anyDeed, (lead, deed) => {
      const before = scoreLead(model, lead, now).engagement;
      const touches = [...lead.touches, { ...deed, id: 'one more' }];
      expect(scoreLead(model, { ...lead, touches }, now).engagement).toBeGreaterThanOrEqual(before);
    }),
    { numRuns: 300 },
  );
});

test('law: without news engagement only fades, and fit stays', () => {
  fc.assert(
    fc.property(anyLead, fc.integer({ min: 2, max: 400 }), (lead, days) => {
      const [today, later] = [DAY, days * DAY].map((ms) =>
        scoreLead(model, lead, new Date(NOW + ms)),
      );
      expect(later?.engagement).toBeLessThanOrEqual(today?.engagement ?? -1);
      expect(later?.fit).toBe(today?.fit);
    }),
  );
});

test('law: the points explain both axes to the percent', () => {
  const bestFit = 100;
  fc.assert(
    fc.property(anyLead, (lead) => {
      const { fit, engagement, points } = scoreLead(model, lead, now);
      const sumOf = (axis: string) =>
        points.filter((point) => point.axis === axis).reduce((sum, point) => sum + point.points, 0);
      expect(Math.round((100 * sumOf('fit')) / bestFit)).toBe(fit);
      const full = model.fullEngagement ?? 0;
      expect(Math.min(100, Math.round((100 * sumOf('engagement')) / full))).toBe(engagement);
    }),
  );
});

test('law: asking for a talk changes neither fit, nor engagement, nor an exclusion', () => {
  fc.assert(
    fc.property(anyLead, (lead) => {
      const asks = scoreLead(model, { ...lead, handRaiser: true }, now);
      const silent = scoreLead(model, { ...lead, handRaiser: false }, now);
      expect(asks.grade).toBe(`${silent.grade[0]}1`);
      expect({ ...asks, grade: '', rating: '', lane: '' }).toEqual({
        ...silent,
        grade: '',
        rating: '',
        lane: '',
      });
      expect(asks.disqualifiedBy === undefined || asks.rating === 'disqualified').toBe(true);
    }),
  );
});

test('law: a score is what its schema says', () => {
  fc.assert(
    fc.property(anyLead, (lead) => {
      const score = scoreLead(model, lead, now);
      expect(Score.parse(score)).toEqual(score);
    }),
  );
});
