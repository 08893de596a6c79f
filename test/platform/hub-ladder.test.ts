import { minute } from '#test/support/lead-events.ts';
import { startSandboxHub } from '#test/support/sandbox-hub.ts';
import { askForDemo, followAda } from '#test/support/sandbox-lead.ts';

const ANNA = 'anna.keller@northwind.example';
const JONAS = 'jonas.brandt@northwind.example';
const PRIYA = 'priya.nair@northwind.example';
const MIRIAM = 'miriam.vogt@northwind.example';

test('a lead that nobody takes climbs every ladder, goes to three people and back to marketing', async () => {
  await using sandbox = await startSandboxHub();
  const { vendors } = sandbox;
  askForDemo(sandbox);
  await sandbox.settle();
  const ada = followAda(sandbox);
  await sandbox.pass(120);

  const { round, owner, previousOwners, status, reason, clocks } = await ada.handoff();
  expect({ round, owner, previousOwners, status, reason }).toEqual({
    round: 2,
    owner: PRIYA,
    previousOwners: [ANNA, JONAS],
    status: 'handed-back',
    reason: 'no_action',
  });
  expect(clocks.map(({ breachedAt, endedAt, metAt }) => [breachedAt, endedAt, metAt])).toEqual([
    [minute(15), minute(30), undefined],
    [minute(45), minute(60), undefined],
    [minute(75), minute(90), undefined],
  ]);

  const mails = vendors.mailbox.mails.map(({ at, to, subject }) => `${at} ${to} ${subject}`);
  const round0 = [
    `${minute(0)} ${ANNA} A lead for you: Ada Lovelace`,
    `${minute(15)} ${ANNA} Ada Lovelace (Analytical Engines) was not acted upon in time`,
    `${minute(22.5)} ${MIRIAM} Ada Lovelace (Analytical Engines) is still waiting, and its owner has not answered`,
  ];
  expect(mails.slice(0, 3)).toEqual(round0.map((start) => expect.stringContaining(start)));
  expect(mails).toHaveLength(9);

  const channels = vendors.slack.writes
    .filter(({ verb }) => verb === 'message.post')
    .map(({ at, target }) => [at, target]);
  expect(channels).toHaveLength(12);
  // An invitation, a reminder and two alarms a round; nobody can press a button any more.
  const pressable = vendors.slack.messages.filter(({ blocks }) =>
    blocks.some(({ elements = [] }) => elements.length > 0),
  );
  expect(pressable).toEqual([]);
  expect(vendors.salesforce.openTasks()).toEqual([]);

  expect(ada.lead()).toMatchObject({ OwnerId: vendors.salesforce.userId(PRIYA) });
  const statuses = vendors.salesforce.writes.filter(({ verb }) => verb === 'person.status');
  expect(statuses).toHaveLength(1);
  expect(ada.lists()).toEqual(['Baton: kept warm']);
  expect(await ada.person()).toMatchObject({
    standing: 'nurture',
    owner: { kind: 'track', id: 'ready-again' },
    nextAction: {
      what: 'look for fresh interest',
      at: new Date(Date.parse(minute(90)) + 7 * 86_400_000).toISOString(),
    },
  });
});

test('outside the working hours of its owner a clock stands still', async () => {
  await using sandbox = await startSandboxHub();
  await sandbox.passUntil(new Date('2026-12-07T19:00:00.000Z'));
  askForDemo(sandbox);
  await sandbox.pass(1);
  const ada = followAda(sandbox);
  expect((await ada.handoff()).clocks[0]).toMatchObject({
    owner: ANNA,
    deadline: '2026-12-08T08:15:00.000Z',
  });
  await sandbox.passUntil(new Date('2026-12-08T08:07:00.000Z'));
  expect(ada.mailsTo(ANNA)).toHaveLength(1);
  expect((await ada.handoff()).clocks[0]).toMatchObject({ climbed: 0 });
});

test('a vendor that is down for an hour loses nothing, and nobody is charged for the time', async () => {
  await using sandbox = await startSandboxHub();
  const { vendors, clock } = sandbox;
  const up = new Date(clock.now().getTime() + 3_600_000);
  vendors.salesforce.outageUntil = up;
  askForDemo(sandbox);
  await sandbox.pass(59);
  const ada = followAda(sandbox);
  expect(await ada.handoff()).toMatchObject({ status: 'assigning', clocks: [] });
  expect(ada.mailsTo(ANNA)).toEqual([]);
  expect(await ada.person()).toMatchObject({ standing: 'rating' });

  // It is tried again within the hour, and at the first try that goes through the clock starts.
  while ((await ada.handoff()).clocks.length === 0) await sandbox.pass(1);
  const { status, assignedAt = '', clocks } = await ada.handoff();
  expect(status).toBe('open');
  expect(Date.parse(assignedAt)).toBeLessThan(up.getTime() + 3_600_000);
  expect(Date.parse(assignedAt)).toBeGreaterThanOrEqual(up.getTime());
  expect(clocks[0]).toMatchObject({
    openedAt: assignedAt,
    deadline: new Date(Date.parse(assignedAt) + 15 * 60_000).toISOString(),
  });
  for (const [verb, times] of [
    ['person.upsert', 1],
    ['person.assign', 1],
    ['task.create', 1],
  ] as const)
    expect(vendors.salesforce.writes.filter((one) => one.verb === verb)).toHaveLength(times);
});

test.each([
  ['chat', 'message.post'],
  ['mail', 'mail.send'],
])('a %s whose answers are lost is not told twice', async (what, verb) => {
  await using sandbox = await startSandboxHub();
  const { vendors, clock } = sandbox;
  if (what === 'chat') vendors.slack.loseNextAnswer('chat.postMessage');
  else vendors.mailbox.outageUntil = new Date(clock.now().getTime() + 60_000);
  askForDemo(sandbox);
  await sandbox.pass(7);
  const all = Object.values(vendors.writes()).flat();
  expect(all.filter((one) => one.verb === verb)).toHaveLength(1);
  expect((await followAda(sandbox).handoff()).status).toBe('open');
});
