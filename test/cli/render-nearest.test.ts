import { readFileSync } from 'node:fs';
import { renderNearest } from '#cli/lead/render-nearest.ts';
import { plain } from '#cli/terminal.ts';
import { ScoringModel } from '#core/scoring/model.ts';
import { nearest } from '#core/scoring/nearest.ts';

const model = ScoringModel.parse(
  JSON.parse(readFileSync('workflows/definitions/scoring/default.json', 'utf8')),
);
const now = new Date('2026-11-22T12:00:00Z');
const person = { employees: 70, country: 'DE', email: 'joe@acme.com', title: 'Student' };
const lead = { person, touches: [], handRaiser: false };

test('what would make an A1 is told in 80 columns: facts, touches, what still stands in the way', () => {
  const lines = renderNearest(nearest(model, lead, now), plain);
  const text = lines.join('\n').replaceAll(/\s+/g, ' ');
  expect(text).toContain('decides on the purchase (25 points)');
  expect(text).toContain('what is known says otherwise');
  expect(text).toContain('one of the industries we serve best (20 points); not known yet');
  expect(text).toContain('1 × meeting held (meeting, 30 points)');
  expect(text).toContain('or asking for a talk');
  expect(text).toContain('student would still keep it out');
  const widths = lines.flatMap((line) => line.split('\n')).map((line) => line.length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(80);
});

test('what is there already, and what is out of reach, is said', () => {
  const none = { reached: true, fit: [], touches: [] };
  expect(renderNearest(none, plain).join()).toMatch(/nothing more: an A.*none more: a 1/);
  expect(renderNearest({ reached: false }, plain).join()).toMatch(/fit +out of.*touches +out of/);
});
