import axios from 'axios';
import { minute } from '#test/support/lead-events.ts';
import { startSandboxHub } from '#test/support/sandbox-hub.ts';
import { askForDemo, followAda, memberOf } from '#test/support/sandbox-lead.ts';

const ANNA = 'anna.keller@northwind.example';
const JONAS = 'jonas.brandt@northwind.example';
const MIRIAM = 'miriam.vogt@northwind.example';

/** Ada is with Anna, who has had three minutes to think. */
async function withAnna() {
  const sandbox = await startSandboxHub();
  askForDemo(sandbox);
  await sandbox.settle();
  await sandbox.pass(3);
  return { sandbox, ada: followAda(sandbox), [Symbol.asyncDispose]: sandbox[Symbol.asyncDispose] };
}

type World = Awaited<ReturnType<typeof withAnna>>;

const http = axios.create({ validateStatus: () => true });
const pressed = (link: string, fields: Record<string, string> = {}) =>
  http.post(link, new URLSearchParams(fields).toString());

async function click(
  { sandbox, ada }: World,
  who: string,
  action: 'accept' | 'snooze' | 'pause' | 'reject' | 'veto',
  reason?: string,
  form?: { date?: string },
): Promise<boolean> {
  const message = (await ada.invitations()).at(-1);
  const { channel = '', ts = '' } = message ?? {};
  const member = who.startsWith('U') ? who : memberOf(sandbox, who);
  const sent = sandbox.vendors.slack.clickButton(channel, ts, member, action, reason, form);
  await sandbox.settle();
  return sent;
}

/** The wait that the run stands in. */
const waitsFor = async ({ ada }: World) => (await ada.handoff()).wait?.awaits;

const ACCEPTANCES: [string, (world: World) => unknown][] = [
  ['a click in the chat', (world) => click(world, ANNA, 'accept')],
  ['a click of the manager', (world) => click(world, MIRIAM, 'accept')],
  ['the button behind the link in the mail', ({ ada }) => pressed(ada.link('Accept'))],
  [
    'a status in the CRM',
    ({ sandbox, ada }) => {
      const { Id = '' } = ada.lead() ?? {};
      sandbox.vendors.salesforce.setStatus(Id, 'Working - Contacted', ANNA);
    },
  ],
];

test.each(ACCEPTANCES)('%s accepts the lead in time', async (_what, accept) => {
  await using world = await withAnna();
  expect(await waitsFor(world)).toBe('handoff.accepted');
  await accept(world);
  await world.sandbox.settle();
  expect(await waitsFor(world)).toBe('handoff.worked');
  const { signals, clocks } = await world.ada.handoff();
  expect(signals.accepted).toMatchObject({ at: minute(3) });
  expect(clocks.map(({ id, metAt }) => [id, metAt])).toEqual([
    ['accept#0', minute(3)],
    ['first-touch#0', undefined],
  ]);
  await world.sandbox.pass(14);
  expect(world.ada.mailsTo(ANNA)).toHaveLength(1);
});

test('whom the CRM makes the owner has accepted, and the lead is theirs', async () => {
  await using world = await withAnna();
  const { sandbox, ada } = world;
  const { Id = '' } = ada.lead() ?? {};
  sandbox.vendors.salesforce.changeOwner(Id, JONAS, MIRIAM);
  await sandbox.settle();
  expect(await waitsFor(world)).toBe('handoff.worked');
  expect((await ada.handoff()).owner).toBe(JONAS);
  expect((await ada.person()).owner).toEqual({ kind: 'salesperson', id: JONAS });
  await sandbox.pass(1);
  expect((await pressed(ada.link('Reject'), { reason: 'bad_fit' })).data).toContain(
    'gone to a colleague',
  );
});

test('a completed task accepts and works at once', async () => {
  await using world = await withAnna();
  const { sandbox, ada } = world;
  const [task] = sandbox.vendors.salesforce.openTasks(ANNA);
  sandbox.vendors.salesforce.completeTask(task?.id ?? '', 'Call');
  await sandbox.settle();
  expect(await waitsFor(world)).toBe('opportunity.changed');
  expect((await ada.handoff()).signals).toMatchObject({ worked: { at: minute(3), via: 'crm' } });
});

test('a status that is flipped, however often, is no work: the clock of the first touch runs on', async () => {
  await using world = await withAnna();
  const { sandbox, ada } = world;
  const { Id = '' } = ada.lead() ?? {};
  for (const status of ['Working - Contacted', 'Open - Not Contacted', 'Working - Contacted']) {
    sandbox.vendors.salesforce.setStatus(Id, status, ANNA);
    await sandbox.settle();
  }
  expect(await waitsFor(world)).toBe('handoff.worked');
  const { signals, clocks } = await ada.handoff();
  expect(signals.worked).toBeUndefined();
  expect(clocks.at(-1)).toMatchObject({ id: 'first-touch#0' });
  expect(clocks.at(-1)?.metAt).toBeUndefined();
});

test('a link that a mail scanner follows does nothing, and the page says what it would do', async () => {
  await using world = await withAnna();
  const link = world.ada.link('Accept');
  const before = world.sandbox.hub().db.sql.prepare('select * from items').all();
  const page = await http.get(link);
  await http.head(link);
  await world.sandbox.settle();
  expect(page.status).toBe(200);
  expect(page.headers['cache-control']).toBe('no-store');
  expect(page.data).toContain('<form method="post">');
  expect(world.sandbox.hub().db.sql.prepare('select * from items').all()).toEqual(before);
});

test('a link takes only the reasons that sales may give, and works once', async () => {
  await using world = await withAnna();
  const link = world.ada.link('Reject');
  expect((await pressed(link)).status).toBe(422);
  expect((await pressed(link, { reason: 'no_action' })).status).toBe(422);
  await world.sandbox.settle();
  expect(await waitsFor(world)).toBe('handoff.accepted');
  expect((await pressed(link, { reason: 'no_budget' })).status).toBe(200);
  await world.sandbox.settle();
  expect((await pressed(link, { reason: 'bad_fit' })).data).toContain('given back already');
  await world.sandbox.settle();
  expect(await world.ada.handoff()).toMatchObject({ status: 'handed-back', reason: 'no_budget' });
  expect(world.ada.lists()).toEqual(['Baton: business case']);
});

test.each([
  ['cut', (link: string) => link.slice(0, -3)],
  ['changed', (link: string) => link.replace(/.$/, (last) => (last === '0' ? '1' : '0'))],
])('a link that was %s on its way does nothing', async (_how, spoil) => {
  await using world = await withAnna();
  const link = spoil(world.ada.link('Accept'));
  expect((await http.get(link)).status).toBe(401);
  expect((await pressed(link)).status).toBe(401);
  await world.sandbox.settle();
  expect(await waitsFor(world)).toBe('handoff.accepted');
});

test('a link that is too old does nothing', async () => {
  await using world = await withAnna();
  const link = world.ada.link('Accept');
  await world.sandbox.pass(31 * 24 * 60);
  expect((await pressed(link)).status).toBe(401);
});

test('a link to whom the lead has left does nothing, and says so', async () => {
  await using world = await withAnna();
  const link = world.ada.link('Accept');
  await world.sandbox.pass(28);
  expect((await world.ada.handoff()).owner).toBe(JONAS);
  expect((await pressed(link)).data).toContain('gone to a colleague');
  await world.sandbox.settle();
  expect((await world.ada.handoff()).signals).toEqual({});
});

test.each([
  ['a colleague', JONAS],
  ['somebody whom nobody knows', 'U9999'],
])('a click of %s is set aside', async (_who, member) => {
  await using world = await withAnna();
  expect(await click(world, member, 'accept')).toBe(true);
  expect(await waitsFor(world)).toBe('handoff.accepted');
  expect((await world.ada.titles()).at(-1)).toMatch(/^set aside: handoff.accepted/);
});

test('a click twice is one', async () => {
  await using world = await withAnna();
  await click(world, ANNA, 'accept');
  await click(world, ANNA, 'accept');
  expect(await waitsFor(world)).toBe('handoff.worked');
  expect((await world.ada.handoff()).signals.accepted).toMatchObject({ at: minute(3) });
});

test('a snooze puts every alarm off, and the third one none', async () => {
  await using world = await withAnna();
  const { sandbox, ada } = world;
  await click(world, ANNA, 'snooze');
  const [first] = (await ada.handoff()).clocks;
  const later = Date.parse(first?.deadline ?? '') - Date.parse(minute(15));
  expect(later).toBeGreaterThan(0);
  await sandbox.pass(13);
  expect((await ada.handoff()).clocks[0]).toMatchObject({ climbed: 0 });
  await click(world, ANNA, 'snooze');
  await click(world, ANNA, 'snooze');
  const [clock] = (await ada.handoff()).clocks;
  expect(Date.parse(clock?.deadline ?? '') - Date.parse(minute(15))).toBe(2 * later);
  expect(clock?.snoozes).toBe(2);
});

test('a click that Slack brings late takes the breach back', async () => {
  await using world = await withAnna();
  const { sandbox, ada } = world;
  const message = (await ada.invitations()).at(-1);
  await sandbox.pass(11);
  sandbox.vendors.slack.clickButton(
    message?.channel ?? '',
    message?.ts ?? '',
    memberOf(sandbox, ANNA),
    'accept',
  );
  // The request is on its way for four minutes; Slack signs it with the time of the click.
  await sandbox.clock.until(Date.parse(minute(16)));
  await sandbox.hub().worker.run(sandbox.clock.now());
  expect((await ada.handoff()).clocks[0]).toMatchObject({ breachedAt: minute(15) });
  await sandbox.settle();
  const [clock] = (await ada.handoff()).clocks;
  expect(clock).toMatchObject({ metAt: minute(14) });
  expect(clock).not.toHaveProperty('breachedAt');
});

test('a date that is named in the form of the chat brings the lead up ahead of it', async () => {
  await using world = await withAnna();
  await click(world, ANNA, 'reject', 'not_now_timing', { date: '2027-03-01' });
  expect((await world.ada.handoff()).signals.rejected).toMatchObject({
    reason: 'not_now_timing',
    namedDate: '2027-03-01T00:00:00.000Z',
  });
  expect(await world.ada.person()).toMatchObject({
    owner: { kind: 'track', id: 'timing' },
    nextAction: { at: '2027-02-15T00:00:00.000Z' },
  });
});

test('a pause chosen in the chat stops the clock that runs, and whoever asked is told', async () => {
  await using world = await withAnna();
  const { sandbox, ada } = world;
  await click(world, ANNA, 'pause', 'buyer-away|1 business day');
  const told = () => sandbox.vendors.slack.messages.at(-1)?.text;
  expect(told()).toContain('this was not done');
  await sandbox.pass(1);
  await click(world, ANNA, 'accept');
  const before = (await ada.handoff()).clocks.at(-1)?.deadline ?? '';
  await click(world, ANNA, 'pause', 'buyer-away|1 business day');
  const clock = (await ada.handoff()).clocks.at(-1);
  expect(clock?.pauses).toMatchObject([{ reason: 'buyer-away', by: ANNA }]);
  expect(clock?.deadline.slice(0, 10)).not.toBe(before.slice(0, 10));
  expect(told()).toContain('done');
  await sandbox.pass(1);
  await click(world, ANNA, 'pause', 'waiting-for-buyer|1 business day');
  expect(told()).toContain('paused already');
});
