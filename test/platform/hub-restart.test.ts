import type { EmbeddedHub } from '#platform/embedded/hub.ts';
import { seededRandom } from '#platform/embedded/seeded-random.ts';
import { meaningOf, type StoredRow } from '#test/support/embedded-store.ts';
import { type Lives, type SandboxHub, startSandboxHub } from '#test/support/sandbox-hub.ts';
import { askForDemo, followAda, memberOf } from '#test/support/sandbox-lead.ts';

const JONAS = 'jonas.brandt@northwind.example';

/** What happens to Ada from the first look at the website to the deal, each act at its time. */
const ACTS: ((sandbox: SandboxHub) => unknown)[] = [
  ({ vendors }) =>
    vendors.website.send('page', { anonymousId: 'visitor-ada', properties: { title: 'Pricing' } }),
  (sandbox) => askForDemo(sandbox),
  // Anna does nothing: a reminder, a breach, an escalation, and on to Jonas.
  (sandbox) => sandbox.pass(31),
  async (sandbox) => {
    const message = (await followAda(sandbox).invitations()).at(-1);
    const { channel = '', ts = '' } = message ?? {};
    sandbox.vendors.slack.clickButton(channel, ts, memberOf(sandbox, JONAS), 'accept');
  },
  (sandbox) => sandbox.pass(5),
  ({ vendors: { salesforce } }) =>
    salesforce.completeTask(salesforce.openTasks(JONAS)[0]?.id ?? '', 'Call'),
  (sandbox) => sandbox.pass(60),
  async (sandbox) => {
    const lead = followAda(sandbox).lead();
    const deal = { name: 'Platform', amount: 9000 };
    sandbox.vendors.salesforce.convertLead(lead?.Id ?? '', JONAS, deal);
  },
  ({ vendors: { salesforce } }) => salesforce.closeDeal('006000000000001AAA', true),
];

/** Plays the story; answers everything that can be seen of it afterwards. */
async function played(lives?: Lives, between: (sandbox: SandboxHub) => void = () => {}) {
  await using sandbox = await startSandboxHub(undefined, lives);
  for (const act of ACTS) {
    await act(sandbox);
    between(sandbox);
    await sandbox.settle();
    between(sandbox);
  }
  const { sql } = sandbox.hub().db;
  const rows = sql.prepare('select * from items order by pk, sk').all() as StoredRow[];
  const written = Object.entries(sandbox.vendors.writes()).flatMap(([vendor, writes]) =>
    writes.map(({ verb, target }) => `${vendor} ${verb} ${target}`),
  );
  return {
    status: (await followAda(sandbox).handoff()).status,
    written,
    rows: meaningOf(rows).map((row) => JSON.parse(JSON.stringify(row), alike)),
    open: sandbox.hub().jobs.count(Number.MAX_SAFE_INTEGER).open,
    runs: sql.prepare('select name, status, ended_at from runs').all(),
  };
}

/**
 * A record that a life before made is found and not made again; of two pieces of news of one
 * instant, either may come first.
 */
function alike(name: string, value: unknown): unknown {
  if (name === 'created') return undefined;
  return name === 'opportunity' ? { ...(value as object), event: 'one of them' } : value;
}

let expected: Awaited<ReturnType<typeof played>>;
beforeAll(async () => {
  expected = await played();
});

test('the story ends well when nothing goes wrong', () => {
  expect(expected).toMatchObject({ status: 'won', open: 0, runs: [{ status: 'SUCCEEDED' }] });
  expect(expected.written.filter((one) => one.includes('task.create'))).toHaveLength(2);
});

test('a hub that is closed and opened again between all that happens ends the same', async () => {
  expect(await played(undefined, (sandbox) => sandbox.restart())).toEqual(expected);
});

/** Lives of a few writes each: the process ends before the next one, wherever that is. */
function shortLives(seed: string): Lives & { deaths: () => number } {
  const random = seededRandom(seed);
  let over = false;
  let deaths = 0;
  return {
    deaths: () => deaths,
    isOver: () => over,
    begin({ db }: EmbeddedHub) {
      over = false;
      let left = 2 + Math.floor(random() * 9);
      const { write } = db;
      const mortal = <T>(work: () => T): Promise<T> => {
        left -= 1;
        if (left >= 0) return write(work);
        if (!over) deaths += 1;
        over = true;
        return Promise.reject(new Error('The process has ended.'));
      };
      Object.assign(db, { write: mortal });
    },
  };
}

test.each(['a', 'b', 'c', 'd'])(
  'a hub that is killed again and again (%s) ends the same, with every effect once',
  async (seed) => {
    const lives = shortLives(seed);
    expect(await played(lives)).toEqual(expected);
    expect(lives.deaths()).toBeGreaterThan(20);
  },
);
