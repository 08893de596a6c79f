import { readFileSync } from 'node:fs';
import { ScoringModel } from '#core/scoring/model.ts';
import { type LeadFacts, scoreLead } from '#core/scoring/score-lead.ts';
import type { ScoredTouch } from '#core/scoring/scored-touch.ts';

const now = new Date('2026-11-22T12:00:00Z');

const touch = (
  id: string,
  kind: ScoredTouch['kind'],
  daysAgo: number,
  url: string,
): ScoredTouch => ({
  id,
  kind,
  at: new Date(now.getTime() - daysAgo * 86_400_000).toISOString(),
  name: 'A name',
  url,
});

test('200 leads as a software company meets them get every rating of the model that ships', () => {
  const shipped = ScoringModel.parse(
    JSON.parse(readFileSync('workflows/definitions/scoring/default.json', 'utf8')),
  );
  const counts: Record<string, number> = {};
  for (let index = 0; index < 200; index += 1) {
    const { rating } = scoreLead(shipped, leadNumber(index), now);
    counts[rating] = (counts[rating] ?? 0) + 1;
  }
  expect(Object.keys(counts).sort()).toEqual([
    'disqualified',
    'hot',
    'nurture',
    'qualified',
    'warm',
  ]);
  for (const count of Object.values(counts)) expect(count).toBeGreaterThanOrEqual(6);
  // Only about a fifth of leads are ready for sales (S4-5).
  expect((counts['hot'] ?? 0) + (counts['qualified'] ?? 0)).toBeLessThan(80);
});

/** Spread by strides that share no factor, so that the mix is even and always the same. */
function leadNumber(index: number): LeadFacts {
  const pick = <T>(values: readonly T[], stride: number) =>
    values[(index * stride) % values.length];
  const titles = [
    'Head of IT',
    'CTO',
    'Marketing Manager',
    'Analyst',
    'Student',
    'VP Sales',
    undefined,
  ];
  const kinds = [
    'page-visited',
    'email-clicked',
    'asset-downloaded',
    'webinar-attended',
    'form-submitted',
    'email-opened',
    'chat-started',
  ] as const;
  const count = [0, 1, 2, 3, 5, 8, 12, 20][(index * 5) % 8] ?? 0;
  const touches = Array.from({ length: count }, (_, n) =>
    touch(
      `${index}-${n}`,
      kinds[(index + n) % kinds.length] ?? 'page-visited',
      (n * 7 + index) % 45,
      n % 3 === 0 ? '/pricing' : '/blog',
    ),
  );
  return {
    person: {
      email: pick(['a@acme.de', 'b@gmail.com', 'c@globex.com'], 1),
      title: pick(titles, 3),
      employees: pick([12, 80, 400, 2500, undefined], 1),
      country: pick(['DE', 'US', 'FR', 'IN'], 3),
      industry: pick(['Software', 'Retail', 'Manufacturing', 'Farming', undefined, 'Insurance'], 5),
    },
    touches,
    handRaiser: index % 12 === 0,
  };
}
