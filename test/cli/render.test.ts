import pc from 'picocolors';
import { renderLeads } from '#cli/commands/leads.ts';
import { renderFindings } from '#cli/commands/verify.ts';
import { reasonsOf } from '#cli/lead/reasons.ts';
import { plain } from '#cli/terminal.ts';
import type { Person } from '#core/records/person.ts';

const NOW = new Date('2026-11-23T09:00:00Z');
const colourful = pc.createColors(true);

const lead = (changes: Partial<Person>): Person => ({
  ...{ id: 'per_1', facts: {}, factsAt: {}, external: [], anonymousIds: [], cycle: 1 },
  ...{ firstSeenAt: NOW.toISOString(), standing: 'nurture', suppressed: false },
  owner: { kind: 'track', id: 'timing' },
  nextAction: { what: 'look for fresh interest', at: '2026-11-24T09:00:00.000Z' },
  ...changes,
});

describe('the list of leads', () => {
  const late = lead({ nextAction: { what: 'accept', at: '2026-11-23T08:00:00.000Z' } });

  test('shows in red what is late, and nothing else', () => {
    const text = renderLeads([late, lead({})], 2, NOW, colourful);
    expect(text).toContain(colourful.red('1 h late'));
    expect(text).toContain('in 1 d');
    expect(text).not.toContain(colourful.red('in 1 d'));
  });

  test('says how much working time is left of a clock', () => {
    const clock = { elapsedMinutes: 5, remainingMinutes: 95, plain: false };
    const text = renderLeads([lead({})], 1, NOW, plain, { per_1: clock });
    expect(text).toContain('in 1 d (1 h 35 min)');
  });

  test('calls a lead by the address or the id that other commands take, however long', () => {
    const named = [
      lead({ facts: { firstName: 'Jane', lastName: 'Doe', email: 'jane@acme.example' } }),
      lead({ facts: { email: 'maximiliane.von-und-zu-hohenstein@very-long-name.example' } }),
      lead({}),
    ];
    const lines = renderLeads(named, 3, NOW, plain).split('\n');
    expect(lines.slice(1, 4).map((line) => line.split('  ')[0])).toEqual([
      'jane@acme.example',
      'maximiliane.von-und-zu-hohenstein@very-long-name.example',
      'per_1',
    ]);
  });

  test('says how many more there are, and that there are none', () => {
    expect(renderLeads([late], 12, NOW, plain)).toMatch(/\n1 lead, 11 more with --limit$/);
    expect(renderLeads([], 0, NOW, plain)).toBe(
      'No lead is here, or none of that owner and standing.',
    );
  });
});

test('findings stand under what they are about, and are counted', () => {
  const findings = [{ about: 'per_1', message: 'is with sales, but no hand-off is open.' }];
  expect(renderFindings({ people: 3, handoffs: 1, runs: 0 }, findings, plain).split('\n')).toEqual([
    'per_1',
    '  is with sales, but no hand-off is open.',
    '',
    '1 finding in 3 people, 1 hand-off and 0 runs.',
  ]);
});

describe('the reasons of an entry', () => {
  const reasonsIn = (detail: Record<string, unknown>) =>
    reasonsOf({ at: NOW.toISOString(), kind: 'decision', title: 'x', order: 1, detail });

  test('are the weightiest points of a rating, to a tenth', () => {
    const points = [1, 30, 12.345, 8, 20].map((points, index) => {
      return { axis: 'fit', rule: `rule-${index}`, points, because: `reason ${index}` };
    });
    expect(reasonsIn({ points })).toEqual([
      'reason 1 (30); reason 4 (20); reason 2 (12.3); reason 3 (8)',
    ]);
  });

  test('are rule, candidates, runner-up and who was passed over for a route', () => {
    const skipped = [{ who: 'lucia', why: 'is absent' }];
    expect(
      reasonsIn({ rule: 'dach', candidates: ['anna', 'jonas'], runnerUp: 'jonas', skipped }),
    ).toEqual(['rule dach', 'of anna, jonas', 'runner-up jonas', 'passed over lucia (is absent)']);
  });

  test('tell who said what, and which try worked', () => {
    expect(reasonsIn({ by: 'anna', via: 'chat', note: 'No budget.', tries: 3 })).toEqual([
      'by anna, chat',
      'No budget.',
      'at try 3',
    ]);
    expect(reasonsIn({ tries: 1, key: 'run/0/mail' })).toEqual([]);
  });
});
