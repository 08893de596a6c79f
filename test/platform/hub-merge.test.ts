import { verifyStore } from '#cli/store/verify-store.ts';
import { Handoff } from '#core/records/handoff.ts';
import { Person } from '#core/records/person.ts';
import { openReader } from '#platform/embedded/reader.ts';
import { openPolledHub } from '#test/support/polled-hub.ts';
import { type SandboxHub, startSandboxHub } from '#test/support/sandbox-hub.ts';

const WORK = 'ada.lovelace@analytical-engines.com';
const HOME = 'ada@lovelace.example';
const PROFILE = { title: 'VP Marketing', company: 'Analytical Engines', country: 'DE' };

/** What the store of a hub says once everything has come to rest, and what is wrong with it. */
function lookInto({ folder }: SandboxHub) {
  const store = openReader(folder);
  try {
    const all = <T>(type: string, schema: { parse(data: unknown): T }): T[] =>
      store.items(type).map(({ data }) => schema.parse(data));
    return {
      people: all('person', Person),
      gone: all('merged-person', Person),
      handoffs: all('handoff', Handoff),
      findings: verifyStore(store).findings,
    };
  } finally {
    store.close();
  }
}

/** One person, one owner, one next action: of two hand-offs one is open, and its owner has them. */
function expectOne(sandbox: SandboxHub): { person: Person; open: Handoff } {
  const { people, gone, handoffs, findings } = lookInto(sandbox);
  expect(findings).toEqual([]);
  expect([people.length, gone.length]).toEqual([1, 1]);
  const open = handoffs.filter(({ status }) => status === 'open');
  expect(open).toHaveLength(1);
  const [person, handoff] = [people[0], open[0]];
  if (person === undefined || handoff === undefined) throw new Error('Nobody is there.');
  expect(person).toMatchObject({
    standing: 'with-sales',
    owner: { kind: 'salesperson', id: handoff.owner },
  });
  const clock = handoff.clocks.find(({ metAt, endedAt }) => (metAt ?? endedAt) === undefined);
  expect(person.nextAction).toEqual({ what: clock?.clock, at: clock?.deadline });
  return { person, open: handoff };
}

/** Both addresses lead to whoever there is. */
async function expectBothNames(sandbox: SandboxHub, { id }: Person): Promise<void> {
  expect([await sandbox.personIdOf(WORK), await sandbox.personIdOf(HOME)]).toEqual([id, id]);
}

describe.each([
  ['the older one', 0],
  ['the younger one', 1],
] as const)('HubSpot merges two contacts who are both with sales, and keeps %s', (_which, kept) => {
  test('one person, one owner and one task are left, and what is done there counts', async () => {
    await using sandbox = await startSandboxHub();
    const { hubspot, slack } = sandbox.vendors;
    const asks = async (email: string) => {
      const id = hubspot.createContactFromForm({
        ...{ email, form: 'Contact sales: Contact us', message: 'We lose leads.' },
        properties: {
          ...{ firstname: 'Ada', jobtitle: PROFILE.title },
          ...{ company: PROFILE.company, country: PROFILE.country },
        },
      });
      await sandbox.settle();
      await sandbox.pass(1);
      return id;
    };
    const ids = [await asks(WORK), await asks(HOME)] as const;
    expect(lookInto(sandbox).handoffs.map(({ status }) => status)).toEqual(['open', 'open']);
    expect(hubspot.openTasks()).toHaveLength(2);

    const posted = slack.messages.length;
    hubspot.mergeContacts(ids[kept], ids[1 - kept] ?? '');
    await sandbox.settle();
    const { person, open } = expectOne(sandbox);
    await expectBothNames(sandbox, person);
    expect(open.crm?.record).toEqual({ kind: 'contact', id: ids[kept] });
    expect(hubspot.openTasks().map(({ id }) => id)).toEqual([open.crm?.task?.id]);
    const told = slack.messages.slice(posted).map((message) => JSON.stringify(message));
    expect(told.filter((text) => text.includes('was merged with another'))).toHaveLength(1);

    hubspot.completeTask(open.crm?.task?.id ?? '', 'CALL');
    await sandbox.settle();
    const after = lookInto(sandbox);
    expect(after.findings).toEqual([]);
    expect(after.handoffs.find(({ id }) => id === open.id)?.signals.worked).toMatchObject({
      via: 'crm',
    });
  });
});

const fromWeb = (sandbox: SandboxHub, email: string) =>
  sandbox.vendors.salesforce.createLeadFromForm({
    ...{ email, firstName: 'Ada', lastName: 'Lovelace', company: PROFILE.company },
    message: 'We lose leads.',
    fields: { Title: PROFILE.title, Country: PROFILE.country },
  });

test('a lead of Salesforce is converted to a contact who was there: one person, still with who has them', async () => {
  await using sandbox = await startSandboxHub();
  const { salesforce } = sandbox.vendors;
  const by = sandbox.playbook.people.salespeople[0]?.email ?? '';
  const contact = salesforce.createContact({ Email: HOME, LastName: 'Lovelace' }, by);
  await sandbox.settle();
  const lead = fromWeb(sandbox, WORK);
  await sandbox.settle();
  const before = lookInto(sandbox);
  expect([before.people.length, before.handoffs.length]).toEqual([2, 1]);

  const owner = before.handoffs[0]?.owner ?? '';
  salesforce.convertLead(lead, owner, undefined, contact);
  await sandbox.settle();
  const { person, open } = expectOne(sandbox);
  await expectBothNames(sandbox, person);
  expect(open).toMatchObject({ owner, signals: { accepted: { via: 'crm' } } });
  expect(person.external.map(({ id }) => id)).toEqual(expect.arrayContaining([lead, contact]));
});

test('Salesforce merges two leads who are both with sales: one person, one owner, one task', async () => {
  await using sandbox = await startSandboxHub();
  const { salesforce } = sandbox.vendors;
  const first = fromWeb(sandbox, WORK);
  await sandbox.settle();
  await sandbox.pass(1);
  const second = fromWeb(sandbox, HOME);
  await sandbox.settle();
  expect(lookInto(sandbox).handoffs.map(({ status }) => status)).toEqual(['open', 'open']);

  salesforce.mergeLeads(second, first, sandbox.playbook.people.salespeople[0]?.email ?? '');
  await sandbox.settle();
  const { person, open } = expectOne(sandbox);
  await expectBothNames(sandbox, person);
  expect(open.crm?.record).toMatchObject({ kind: 'lead', id: second });
  expect(salesforce.openTasks().map(({ id }) => id)).toEqual([open.crm?.task?.id]);
});

test('Marketo merges two leads, which the hub finds when it asks: one person has both names', async () => {
  await using hub = await openPolledHub('marketo');
  await hub.poll();
  const [winner, loser] = [WORK, HOME].map((email) => hub.marketo.addLead({ email }).id);
  await hub.pass(30);
  await hub.poll();
  expect([await hub.isKnown(WORK), await hub.isKnown(HOME)]).toEqual([true, true]);
  expect((await hub.person(WORK)).id).not.toBe((await hub.person(HOME)).id);

  hub.marketo.mergeLeads(winner ?? 0, [loser ?? 0]);
  await hub.pass(30);
  await hub.poll();
  const one = await hub.person(WORK);
  expect(await hub.person(HOME)).toEqual(one);
  expect(one.merged).toHaveLength(1);
  expect(one.merging).toBeUndefined();
});

test('a contact of HubSpot with the address of another is asked about in the alert channel, twice', async () => {
  await using sandbox = await startSandboxHub();
  const { hubspot, slack } = sandbox.vendors;
  const first = hubspot.createContact({ email: WORK, company: PROFILE.company });
  hubspot.createContact({ email: HOME });
  await sandbox.settle();
  hubspot.changeProperties(first, { email: HOME });
  await sandbox.settle();
  expect(lookInto(sandbox).people).toHaveLength(2);
  const asked = () =>
    slack.messages.filter((message) => JSON.stringify(message).includes('one person'));
  expect(asked()).toHaveLength(1);
  await sandbox.pass(60 * 24 * 3);
  expect(asked()).toHaveLength(2);
  expect(lookInto(sandbox).findings).toEqual([]);
});
