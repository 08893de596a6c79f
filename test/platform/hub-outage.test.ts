import type { HubError } from '#core/errors.ts';
import { recordIn } from '#core/handoff/deliver.ts';
import { outagesOf } from '#core/limits/episodes.ts';
import { minute } from '#test/support/lead-events.ts';
import { startSandboxHub } from '#test/support/sandbox-hub.ts';
import { askForDemo, followAda } from '#test/support/sandbox-lead.ts';

const ANNA = 'anna.keller@northwind.example';

test('while the CRM is down no clock runs that needs it, and ops hear of it once', async () => {
  await using sandbox = await startSandboxHub();
  const { vendors, clock } = sandbox;
  askForDemo(sandbox);
  await sandbox.settle();
  const ada = followAda(sandbox);
  const record = recordIn(await ada.person(), 'salesforce');
  /** The hub's other work goes on and asks the CRM; answers how that went. */
  const otherWork = (): Promise<string> =>
    sandbox
      .hub()
      .connections.call({
        ...{ connection: 'salesforce', operation: 'person.read', input: { record } },
        ...{ key: 'other-work', recovering: false },
      })
      .then(
        () => 'answered',
        (error: HubError) => error.code,
      );

  await sandbox.pass(5);
  vendors.salesforce.outageUntil = new Date(minute(25));
  for (let n = 0; n < 5; n += 1) expect(await otherWork()).toBe('salesforce_down');
  expect(await otherWork()).toBe('connection_down');
  do await sandbox.pass(1);
  while ((await otherWork()) !== 'answered');

  const { records } = sandbox.hub().hub;
  const [outage] = await outagesOf(records, 'salesforce', new Date(minute(0)), clock.now());
  expect(outage).toMatchObject({ from: minute(5), over: true });
  const lostMs = Date.parse(outage?.until ?? '') - Date.parse(minute(5));
  expect(lostMs).toBeGreaterThanOrEqual(20 * 60_000);

  // Ten minutes of her fifteen were left when it began; a try may be longer ahead than it takes.
  await sandbox.passUntil(new Date(Date.parse(minute(14)) + lostMs));
  expect(ada.mailsTo(ANNA)).toEqual([expect.stringContaining('A lead for you')]);
  expect(await ada.handoff()).toMatchObject({ round: 0 });
  await sandbox.passUntil(new Date(Date.parse(minute(22)) + lostMs));
  expect(ada.mailsTo(ANNA)).toHaveLength(2);

  const told = vendors.slack.writes
    .filter(({ verb }) => verb === 'message.post')
    .map(({ at }) => at);
  expect(told).toContain(minute(5));
  expect(told).toContain(outage?.until);
  expect(await ada.titles()).toContainEqual(
    expect.stringMatching(/^clock accept: paused for an outage of Salesforce, \d+ min/),
  );
});
