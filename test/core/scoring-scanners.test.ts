import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { scoreEngagement } from '#core/scoring/engagement.ts';
import { ScoringModel } from '#core/scoring/model.ts';
import type { ScoredTouch } from '#core/scoring/scored-touch.ts';

const { scannersWithinSeconds: _, ...shipped } = ScoringModel.parse(
  JSON.parse(readFileSync('workflows/definitions/scoring/default.json', 'utf8')),
);
const wary = { ...shipped, scannersWithinSeconds: 10 };
const SENT = Date.parse('2026-11-20T09:00:00Z');
const now = new Date('2026-11-22T12:00:00Z');

const touch = (id: string, kind: ScoredTouch['kind'], seconds: number): ScoredTouch => ({
  id,
  kind,
  at: new Date(SENT + seconds * 1000).toISOString(),
  name: 'Autumn news',
});
const delivery = touch('sent', 'email-received', 0);
const earners = (model: ScoringModel, touches: readonly ScoredTouch[]) =>
  scoreEngagement(model, { touches }, now).points.map(({ touchId }) => touchId);

test.each([
  ['a click at the instant of delivery', 'email-clicked', 0, false],
  ['a click ten seconds later', 'email-clicked', 10, false],
  ['an open a second later', 'email-opened', 1, false],
  ['a click eleven seconds later', 'email-clicked', 11, true],
  ['a click before the delivery', 'email-clicked', -1, true],
  ['a visit a second later', 'page-visited', 1, true],
] as const)('%s', (_, kind, seconds, counts) => {
  const touches = [delivery, touch('t', kind, seconds)];
  expect(earners(wary, touches)).toEqual(counts ? ['t'] : []);
  // The delivery may become known after the click.
  expect(earners(wary, touches.toReversed())).toEqual(counts ? ['t'] : []);
  expect(earners(shipped, touches)).toEqual(['t']);
});

test('where no delivery is known every click counts', () => {
  expect(earners(wary, [touch('t', 'email-clicked', 1)])).toEqual(['t']);
});

test('law: looking out for scanners never adds to the engagement', () => {
  const kinds: ScoredTouch['kind'][] = [
    'email-received',
    'email-clicked',
    'email-opened',
    'page-visited',
  ];
  const some = fc.record({
    id: fc.uuid(),
    kind: fc.constantFrom(...kinds),
    seconds: fc.integer({ min: -60, max: 60 }),
  });
  fc.assert(
    fc.property(fc.array(some, { maxLength: 12 }), (made) => {
      const touches = made.map((one) => touch(one.id, one.kind, one.seconds));
      const percent = (model: ScoringModel) => scoreEngagement(model, { touches }, now).percent;
      expect(percent(wary)).toBeLessThanOrEqual(percent(shipped));
    }),
  );
});
