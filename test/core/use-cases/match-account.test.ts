import { AMBIGUITIES, Ambiguity } from '#core/identity/ambiguity.ts';
import { tellOfAmbiguous } from '#core/identity/tell-ambiguous.ts';
import { identify } from '#core/intake/identify.ts';
import { Account, accountKey } from '#core/records/account.ts';
import { LOG_PREFIX, LogEntry } from '#core/records/log-entry.ts';
import { Person, personKey } from '#core/records/person.ts';
import { readAll, readExisting } from '#core/records/store.ts';
import { matchAccount } from '#core/steps/match-account.ts';
import { openHubOfRecords } from '../../support/hand-off-world.ts';
import { demoRequest, event, minute } from '../../support/lead-events.ts';

/** A hub in which leads come in and are matched one after the other. */
async function openMatching() {
  const world = await openHubOfRecords();
  const { hub } = world;
  let runs = 0;
  const personOf = async (email: string) => {
    const { personId = '' } = await identify(hub.records, { email });
    return (await readExisting(hub.records, Person, personKey(personId))).data;
  };
  return {
    ...world,
    personOf,
    /** Somebody asks for a demo, and their run comes to the step. */
    async match(email: string, person: Person['facts'] = {}) {
      runs += 1;
      const asked = demoRequest(minute(runs), {
        subject: { email },
        person: { email, ...person },
      });
      await world.tell(asked);
      const { id } = await personOf(email);
      const step = {
        run: `run-${runs}`,
        step: 'match',
        workflow: 'inbound-lead',
        person: id,
        event: asked.id,
        entered: minute(runs),
        handoff: null,
        score: null,
        route: null,
        reason: null,
      };
      const first = await matchAccount(hub, step);
      expect(await matchAccount(hub, step)).toEqual(first);
      return first;
    },
    account: async (id: string | null) =>
      (await readExisting(hub.records, Account, accountKey(id ?? ''))).data,
    lastDecision: async (email: string) => {
      const pk = `PERSON#${(await personOf(email)).id}`;
      const log = await readAll(hub.records, LogEntry, { pk, prefix: LOG_PREFIX });
      return log.filter(({ kind }) => kind === 'decision').at(-1);
    },
    waiting: () => readAll(hub.records, Ambiguity, { index: 'gsi1', pk: AMBIGUITIES }),
    [Symbol.dispose]: () => world.store.dispose(),
  };
}

const changed = (minutes: number, email: string, person: Person['facts']) =>
  event<'person.changed'>({
    type: 'person.changed',
    at: minute(minutes),
    subject: { email },
    person,
  });

test('two leads with one company name and no domain come to one account', async () => {
  using hub = await openMatching();
  const one = await hub.match('ada@gmail.com', { company: 'Rocket Pumps Ltd', country: 'GB' });
  const other = await hub.match('bob@gmail.com', { company: 'ROCKET PUMPS', country: 'GB' });
  expect(one.accountId).not.toBeNull();
  expect(other.accountId).toBe(one.accountId);
  expect(await hub.lastDecision('bob@gmail.com')).toMatchObject({
    title: expect.stringContaining('by the same name'),
    detail: {
      rung: 'name',
      score: 0.76,
      evidence: expect.any(Array),
      playbook: expect.any(String),
    },
  });
});

test('a colleague with an address of the company teaches the account its domain', async () => {
  using hub = await openMatching();
  const facts = { company: 'Rocket Pumps', country: 'GB' };
  const { accountId } = await hub.match('ada@gmail.com', facts);
  expect(await hub.match('bob@rocket-pumps.co.uk', facts)).toMatchObject({ accountId });
  expect(await hub.account(accountId)).toMatchObject({ domain: 'rocket-pumps.co.uk' });
  expect(await hub.match('cy@rocket-pumps.co.uk')).toMatchObject({ accountId });
});

test('a CRM that names the domain of an account made by name means that one', async () => {
  using hub = await openMatching();
  const facts = { company: 'Rocket Pumps', country: 'GB' };
  const { accountId } = await hub.match('ada@gmail.com', facts);
  await hub.match('bob@rocket-pumps.co.uk', facts);
  await hub.tell(
    event<'account.changed'>({
      type: 'account.changed',
      at: minute(30),
      subject: { external: [{ connection: 'crm', kind: 'account', id: '001' }] },
      account: { domain: 'rocket-pumps.co.uk', owner: 'anna.keller@northwind.example' },
    }),
  );
  expect(await hub.account(accountId)).toMatchObject({ owner: 'anna.keller@northwind.example' });
});

test('where several accounts may be meant, none is taken and the question waits', async () => {
  using hub = await openMatching();
  const facts = { company: 'Delta Pumps', country: 'GB' };
  await hub.match('ada@delta-one.co.uk', facts);
  await hub.match('bob@delta-two.co.uk', facts);
  expect(await hub.match('cy@gmail.com', facts)).toMatchObject({ accountId: null });
  expect(await hub.waiting()).toMatchObject([
    {
      queue: 'account-matching',
      candidates: [
        { name: expect.stringMatching(/^Delta Pumps .delta-(one|two).co.uk.$/) },
        { name: expect.stringMatching(/^Delta Pumps .delta-(one|two).co.uk.$/) },
      ],
      nextAction: { what: 'say which account it is', at: expect.any(String) },
    },
  ]);
  const site = { website: 'https://delta-two.co.uk' };
  await hub.tell(changed(60, 'cy@gmail.com', site));
  const [cy, bob] = [await hub.personOf('cy@gmail.com'), await hub.personOf('bob@delta-two.co.uk')];
  expect(cy.accountId).toBe(bob.accountId);
  expect(await hub.waiting()).toEqual([]);
});

test('somebody whose company or website changes is matched again, once', async () => {
  using hub = await openMatching();
  const { accountId } = await hub.match('ada@gmail.com', { company: 'Rocket Pumps' });
  const move = changed(60, 'ada@gmail.com', { company: 'Zeppelin Works' });
  await hub.tell(move);
  const moved = await hub.personOf('ada@gmail.com');
  expect(moved.accountId).not.toBe(accountId);
  expect(await hub.lastDecision('ada@gmail.com')).toMatchObject({
    title: 'matched again: account Zeppelin Works by its name',
    detail: { before: accountId },
  });
  await hub.tell(move, changed(61, 'ada@gmail.com', { title: 'CTO' }));
  expect((await hub.personOf('ada@gmail.com')).accountId).toBe(moved.accountId);
  expect(await hub.match('ada@gmail.com')).toMatchObject({ accountId: moved.accountId });
});

test('the channel is told of the question once, and once more when its time is over', async () => {
  using hub = await openMatching();
  const facts = { company: 'Delta Pumps', country: 'GB' };
  await hub.match('ada@delta-one.co.uk', facts);
  await hub.match('bob@delta-two.co.uk', facts);
  await hub.match('cy@gmail.com', facts);
  const titles = () =>
    hub.operations.calls.map(({ input }) => (input as { title: string }).title.slice(0, 13));
  await tellOfAmbiguous(hub.hub);
  await tellOfAmbiguous(hub.hub);
  expect(titles()).toEqual(['Which account']);
  await hub.at(2 * 24 * 60);
  await tellOfAmbiguous(hub.hub);
  await tellOfAmbiguous(hub.hub);
  expect(titles()).toEqual(['Which account', 'Still nobody ']);
});
