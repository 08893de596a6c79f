import { ADA, minute } from '#test/support/lead-events.ts';
import { type SandboxHub, startSandboxHub } from '#test/support/sandbox-hub.ts';
import { askForDemo, followAda, memberOf } from '#test/support/sandbox-lead.ts';

const ANNA = 'anna.keller@northwind.example';
const JONAS = 'jonas.brandt@northwind.example';

/** Presses a button of the latest invitation in the chat. */
async function click(
  sandbox: SandboxHub,
  action: 'accept' | 'reject',
  reason?: string,
): Promise<void> {
  const ada = followAda(sandbox);
  const message = (await ada.invitations()).at(-1);
  const { owner } = await ada.handoff();
  const { channel = '', ts = '' } = message ?? {};
  sandbox.vendors.slack.clickButton(channel, ts, memberOf(sandbox, owner), action, reason);
  await sandbox.settle();
}

test.each(['bad_fit', 'student'])(
  'a lead rejected as %s is declined everywhere',
  async (reason) => {
    await using sandbox = await startSandboxHub();
    askForDemo(sandbox);
    await sandbox.settle();
    const ada = followAda(sandbox);
    await click(sandbox, 'reject', reason);
    expect(await ada.handoff()).toMatchObject({ status: 'declined', reason });
    expect(await ada.person()).toMatchObject({
      standing: 'declined',
      owner: { kind: 'queue', id: 'declined' },
    });
    expect(ada.lead()?.['Status']).toMatch(/unqualified/i);
    expect(ada.lists()).toEqual([]);
    expect(sandbox.vendors.salesforce.openTasks()).toEqual([]);
  },
);

test('who comes back goes through everything again as the first time', async () => {
  await using sandbox = await startSandboxHub();
  const ada = followAda(sandbox);
  const shapeOf = async () => {
    const { round, status, reason, lane, clocks, owner } = await ada.handoff();
    const met = clocks.map(({ id, metAt }) => [id, metAt !== undefined]);
    return { round, status, reason, lane, met, salesperson: owner };
  };
  const cycle = async (need: string) => {
    askForDemo(sandbox, need);
    await sandbox.settle();
    const invited = sandbox.vendors.mailbox.mails.length;
    await sandbox.pass(2);
    await click(sandbox, 'accept');
    await click(sandbox, 'reject', 'no_budget');
    return { ...(await shapeOf()), invited };
  };
  const first = await cycle('We lose leads.');
  await sandbox.pass(24 * 60);
  const { invited, ...second } = await cycle('We lose even more.');
  // But not to whom it went then: who gave a lead back does not get it again while others are there.
  expect({ ...second, invited: invited - 1 }).toEqual({ ...first, salesperson: JONAS });
  expect(await ada.person()).toMatchObject({ cycle: 2, standing: 'nurture' });
  expect((await ada.handoff(1)).status).toBe('handed-back');
  expect(ada.lists()).toEqual(['Baton: business case']);
  expect(
    sandbox.vendors.salesforce.writes.filter(({ verb }) => verb === 'task.create'),
  ).toHaveLength(2);
});

test('a hand-raise during a run starts the next run after its end', async () => {
  await using sandbox = await startSandboxHub();
  const ada = followAda(sandbox);
  askForDemo(sandbox);
  await sandbox.pass(12);
  askForDemo(sandbox, 'Is anybody there?');
  await sandbox.settle();
  expect(await ada.person()).toMatchObject({ cycle: 1, capture: { need: 'Is anybody there?' } });
  await click(sandbox, 'reject', 'not_now_timing');
  expect(await ada.person()).toMatchObject({ cycle: 2, standing: 'with-sales' });
  expect((await ada.handoff(1)).reason).toBe('not_now_timing');
  expect((await ada.handoff(2)).status).toBe('open');
});

test('a deal that is won ends the run, and the salesperson keeps the customer', async () => {
  await using sandbox = await startSandboxHub();
  const { salesforce } = sandbox.vendors;
  const ada = followAda(sandbox);
  askForDemo(sandbox);
  await sandbox.settle();
  await click(sandbox, 'accept');
  salesforce.completeTask(salesforce.openTasks(ANNA)[0]?.id ?? '', 'Call');
  await sandbox.settle();
  const deal = { name: 'Platform', amount: 9000 };
  const { opportunityId } = salesforce.convertLead(ada.lead()?.Id ?? '', ANNA, deal);
  await sandbox.settle();
  salesforce.closeDeal(opportunityId ?? '', true);
  await sandbox.settle();
  expect(await ada.handoff()).toMatchObject({ status: 'won' });
  expect(await ada.person()).toMatchObject({
    standing: 'won',
    owner: { kind: 'salesperson', id: ANNA },
  });
  expect(sandbox.hub().jobs.count(Number.MAX_SAFE_INTEGER)).toEqual({ open: 0, due: 0 });
});

test('who came through HubSpot is handed off there, and Salesforce never hears of them', async () => {
  await using sandbox = await startSandboxHub();
  const { hubspot, salesforce, slack } = sandbox.vendors;
  hubspot.createContactFromForm({
    email: ADA,
    form: 'Contact sales: Contact us',
    message: 'We lose leads.',
    properties: { firstname: 'Ada', jobtitle: 'CMO', company: 'Analytical Engines', country: 'DE' },
  });
  await sandbox.settle();
  const ada = followAda(sandbox);
  const { crm, owner } = await ada.handoff();
  expect(crm).toMatchObject({ connection: 'hubspot' });
  expect(salesforce.writes).toEqual([]);
  const [task] = hubspot.openTasks(owner);
  expect(task?.contactId).toBe(hubspot.contactByEmail(ADA)?.id);

  hubspot.completeTask(task?.id ?? '', 'CALL');
  await sandbox.settle();
  expect((await ada.handoff()).signals.worked).toMatchObject({ via: 'crm', by: owner });
  expect(slack.messages.length).toBeGreaterThan(0);
});

test('a run that can not go on leaves its lead where people look, with what was wrong', async () => {
  await using sandbox = await startSandboxHub((playbook) => ({
    ...playbook,
    // Anna is the only one who is there, and the CRM does not know her any more.
    people: {
      ...playbook.people,
      salespeople: playbook.people.salespeople.map((one) => ({
        ...one,
        absences: one.email === ANNA ? [] : [{ from: '2026-12-01', to: '2026-12-31' }],
      })),
    },
  }));
  const { salesforce } = sandbox.vendors;
  const anna = salesforce.row(salesforce.userId(ANNA));
  if (anna !== undefined) Object.assign(anna, { IsActive: false });
  askForDemo(sandbox);
  await sandbox.pass(10);
  const ada = followAda(sandbox);
  expect(await ada.person()).toMatchObject({
    owner: { kind: 'queue', id: 'attention' },
    nextAction: { what: expect.stringMatching(/^look at the failed run inbound-lead-/) },
  });
  expect(Date.parse((await ada.person()).nextAction.at)).toBeLessThanOrEqual(
    Date.parse(minute(10 + 240)),
  );
  const log = sandbox.hub().db.sql.prepare("select data from items where type = 'log'").all();
  const failed = log
    .map((row) => JSON.parse((row as { data: string }).data) as { title: string; detail: object })
    .find(({ title }) => title.startsWith('the run failed'));
  expect(failed?.detail).toMatchObject({
    status: 'FAILED',
    cause: expect.stringContaining('assign'),
  });
});
