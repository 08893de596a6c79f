import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Spoken, temporaryFolder } from './command-line.ts';
import { fillStore } from './filled-store.ts';
import { baton } from './one-process.ts';

const LEADS = ['DE', 'DE', 'JP', 'US'].map((country, index) => ({
  id: `l${index}`,
  at: `2026-11-03T1${index}:00:00Z`,
  person: { country },
  valueMinor: 10_000,
  actual: index === 0 ? 'anna.keller@northwind.example' : null,
}));

describe('baton route simulate', () => {
  let spoken: Readonly<Record<'text' | 'json' | 'store' | 'wrong' | 'policy', Spoken>>;
  beforeAll(async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'leads.json'), JSON.stringify(LEADS));
    writeFileSync(join(folder.path, 'wrong.json'), JSON.stringify([{ id: 'x' }]));
    await fillStore(join(folder.path, '.baton'), (hub) =>
      hub.hears([
        'track',
        {
          event: 'Demo Requested',
          userId: 'u1',
          properties: { email: 'jane@acme.com' },
          context: { traits: { email: 'jane@acme.com', country: 'DE' } },
        },
      ]),
    );
    const ask = (...words: string[]) => baton(['route', 'simulate', ...words], folder.path);
    const [text, json, store, wrong, policy] = await Promise.all([
      ask('--leads', 'leads.json'),
      ask('--leads', 'leads.json', '--seed', '7', '--json'),
      ask('--json'),
      ask('--leads', 'wrong.json'),
      ask('--leads', 'leads.json', '--policy', 'mars'),
    ]);
    spoken = { text, json, store, wrong, policy };
  }, 120_000);

  test('says who would have got the leads, how evenly, and what no rule took', () => {
    const { stdout, code } = spoken.text;
    expect(code).toBe(0);
    expect(stdout).toContain('4 leads routed by the policy inbound');
    expect(stdout).toMatch(/^anna\.keller +2 +1 +1 +100 +1$/m);
    expect(stdout).toContain('no rule knows the country JP');
    expect(stdout).toContain('Compared 1 of 4 would go to whom they went');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('tells programs the same, in another order of the leads', () => {
    expect(JSON.parse(spoken.json.stdout)).toMatchObject({
      policy: 'inbound',
      leads: 4,
      catchAll: { leads: 1, queued: 0 },
    });
  });

  test('takes the leads that the hub handed to sales', () => {
    const report = JSON.parse(spoken.store.stdout);
    expect(report).toMatchObject({ leads: 1, compared: { leads: 1, same: 1 } });
  });

  test('a lead without a time and a policy that is not there are told', () => {
    expect(spoken.wrong).toMatchObject({ code: 1 });
    expect(spoken.wrong.stderr).toContain('0.at');
    expect(spoken.policy.stderr).toContain("no routing policy 'mars'");
  });
});
