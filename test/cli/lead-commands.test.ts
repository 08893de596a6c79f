import { type Folder, type Spoken, temporaryFolder } from './command-line.ts';
import { fillStore, JANE_ASKS, TOM_DOWNLOADS } from './filled-store.ts';
import { baton } from './one-process.ts';

const ANNA = 'anna.keller@northwind.example';

describe('a store with a lead at sales and one in nurture', () => {
  let folder: Folder;
  let spoken: Record<
    'leads' | 'mine' | 'show' | 'showJson' | 'explain' | 'verify' | 'unknown' | 'enrichment',
    Spoken
  >;
  beforeAll(async () => {
    folder = temporaryFolder();
    await fillStore(folder.path, async ({ hears, later }) => {
      await hears(...JANE_ASKS);
      await hears(...TOM_DOWNLOADS);
      // Anna has a quarter of an hour; the reminder comes half-way, the breach at its end.
      await later(16);
    });
    const ask = (...words: string[]) => baton([...words, '--data', '.'], folder.path);
    const [leads, mine, show] = await Promise.all([
      ask('leads', '--json'),
      ask('leads', '--owner', 'ANNA'),
      ask('show', 'Jane.Doe@acme.example'),
    ]);
    const [showJson, explain, verify, unknown, enrichment] = await Promise.all([
      ask('show', 'jane.doe@acme.example', '--json'),
      ask('explain', 'jane.doe@acme.example'),
      ask('verify'),
      ask('show', 'nobody@acme.example'),
      ask('enrichment'),
    ]);
    spoken = { leads, mine, show, showJson, explain, verify, unknown, enrichment };
  }, 120_000);
  afterAll(() => folder[Symbol.dispose]());

  test('leads lists everybody who is a lead, the earliest next action first', () => {
    const { total, leads } = JSON.parse(spoken.leads.stdout) as { total: number; leads: object[] };
    expect(total).toBe(2);
    expect(leads).toEqual([
      {
        id: expect.stringMatching(/^per_/),
        name: 'Jane Doe',
        email: 'jane.doe@acme.example',
        company: 'Acme',
        standing: 'with-sales',
        owner: { kind: 'salesperson', id: ANNA },
        nextAction: { what: 'accept', at: '2026-11-23T09:15:00.000Z' },
        clock: {
          elapsedMinutes: expect.any(Number),
          remainingMinutes: expect.any(Number),
          plain: false,
        },
      },
      expect.objectContaining({
        name: 'Tom',
        standing: 'nurture',
        owner: { kind: 'track', id: expect.any(String) },
      }),
    ]);
  });

  test('leads of one owner are found by a part of the address, in a table of 80 columns', () => {
    const lines = spoken.mine.stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^lead +standing +owner +next action +due$/);
    expect(lines[1]).toMatch(/^jane(\.doe)?@\S+ +with-sales +anna\.keller +accept +/);
    expect(lines.slice(2)).toEqual(['1 lead']);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('enrichment tells how well each field is known, and by whose word', () => {
    const lines = spoken.enrichment.stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^field +known +by people +by providers +median age +stale$/);
    expect(lines).toContainEqual(expect.stringMatching(/^lastName +50 % +1 +- +- +0$/));
    expect(lines.at(-1)).toBe('of 2 leads');
    expect(spoken.show.stdout).toMatch(
      /^facts +firstName, [^:]*title[^:]*: by people\s+or the CRM/m,
    );
  });

  test('show tells where the lead stands and how it came there', () => {
    const { code, stdout } = spoken.show;
    expect(code).toBe(0);
    const [head = '', timeline = ''] = stdout.split('Timeline (UTC)');
    expect(head).toContain('Jane Doe, Head of IT, Acme');
    expect(head).toMatch(/^standing +with-sales$/m);
    expect(head).toMatch(new RegExp(`^owner +${ANNA}$`, 'm'));
    expect(head).toMatch(/^next action +accept, by 2026-11-23 09:15 UTC/m);
    expect(head).toMatch(/^asked +“We outgrew our spreadsheet.”$/m);
    expect(head).toContain('clock accept until 2026-11-23 09:15 UTC: breached');
    const order = [
      'event     page visited: Pricing',
      'event     asked to talk to sales (Demo)',
      'decision  rated hot (A1), lane hand-raiser',
      'decision  routed to anna.keller',
      'effect    mail to anna.keller',
      'clock     clock accept: anna.keller',
      'clock     clock accept: breach',
    ].map((text) => timeline.indexOf(text));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((one, other) => one - other));
    expect(timeline).toMatch(/^ +rule dach$/m);
  });

  test('show as JSON holds all of it', () => {
    const { person, handoffs, timeline } = JSON.parse(spoken.showJson.stdout) as {
      person: object;
      handoffs: object[];
      timeline: { kind: string; detail: object }[];
    };
    expect(person).toMatchObject({ standing: 'with-sales', cycle: 1 });
    expect(handoffs).toEqual([expect.objectContaining({ status: 'open', owner: ANNA })]);
    expect(new Set(timeline.map(({ kind }) => kind))).toEqual(
      new Set(['event', 'decision', 'effect', 'clock']),
    );
    expect(timeline.find(({ detail }) => 'points' in detail)).toBeDefined();
  });

  test('explain keeps fit and engagement apart, and names the rule that chose the owner', () => {
    const { stdout } = spoken.explain;
    const [, fit = '', engagement = '', owner = ''] = stdout.split(/^(?=Fit|Engagement|Owner)/m);
    expect(stdout).toMatch(/^ {2}then +hot, grade A1, lane hand-raiser on 2026-11-23 09:00 UTC$/m);
    expect(fit).toMatch(/^ +\+30 {2}size-large +1,000 employees or more$/m);
    expect(fit).not.toContain('Pricing');
    expect(engagement).toMatch(/Pricing \(page visited, 2026-11-23 09:00 UTC\)/);
    expect(engagement).not.toContain('employees');
    expect(owner).toMatch(/^ {2}rule +dach of policy inbound: the company is in Germany/m);
    expect(stdout).toMatch(/^ {2}playbook +[0-9a-f]{20}, (of the folder|in force since)/m);
    expect(owner).toMatch(/^ {2}runner-up +\S+@northwind\.example$/m);
  });

  test('verify finds nothing to complain of', () => {
    expect(spoken.verify.code).toBe(0);
    expect(spoken.verify.stdout).toBe('All is well: 2 people, 1 hand-off and 2 runs checked.\n');
  });

  test('somebody nobody knows is an error that says how to name a lead', () => {
    expect(spoken.unknown.code).toBe(1);
    expect(spoken.unknown.stderr).toContain("Nobody is known as 'nobody@acme.example'");
    expect(spoken.unknown.stderr).toMatch(/'baton leads' lists\s+them/);
    expect(spoken.unknown.stderr).toContain('code: lead_unknown');
  });
});
