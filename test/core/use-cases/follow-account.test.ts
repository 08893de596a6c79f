import type { CanonicalEvent, EventOf } from '#core/events.ts';
import { ACCOUNT_NEWS } from '#core/identity/account-news.ts';
import { followAccounts } from '#core/identity/follow-account.ts';
import { pickAccount } from '#core/identity/pick-account.ts';
import type { Records } from '#core/ports/records.ts';
import { Account, accountIdOf, accountKey } from '#core/records/account.ts';
import { LOG_PREFIX, LogEntry } from '#core/records/log-entry.ts';
import { type Person, personKey } from '#core/records/person.ts';
import { read, readAll } from '#core/records/store.ts';
import { event, minute } from '#test/support/lead-events.ts';
import { openMatching } from '#test/support/matching-world.ts';

const CY = 'cy@gmail.com';
const DELTA = { company: 'Delta Pumps', country: 'GB' };
const REF = { connection: 'crm', kind: 'company', id: '12' };

async function openFollowing() {
  const world = await openMatching();
  const { hub, personOf } = world;
  const follow = (records: Records = hub.records) => followAccounts({ ...hub, records });
  let told = 0;
  return {
    ...world,
    follow,
    /** The CRM tells of an account, and who waits for that is matched again: twice, to no avail. */
    async account(
      account: EventOf<'account.changed'>['account'],
      external: CanonicalEvent['subject']['external'] = [],
    ) {
      told += 1;
      const at = minute(told + 100);
      const news = { type: 'account.changed', at, subject: { external }, account } as const;
      await world.tell(event<'account.changed'>(news));
      await follow();
    },
    news: async () => (await hub.records.query({ index: 'gsi1', pk: ACCOUNT_NEWS })).items,
    awaited: async (key: string) => (await hub.records.query({ pk: `AWAITED#${key}` })).items,
    again: async (email: string) => {
      const pk = `PERSON#${(await personOf(email)).id}`;
      const log = await readAll(hub.records, LogEntry, { pk, prefix: LOG_PREFIX });
      return log.filter(({ title }) => title.startsWith('matched again'));
    },
  };
}

type Following = Awaited<ReturnType<typeof openFollowing>>;

/** Two accounts of one name, and Cy, of whom nobody knows which is theirs. */
async function openDoubt(cy: Person['facts'] = {}): Promise<Following> {
  const hub = await openFollowing();
  await hub.match('ada@delta-one.co.uk', DELTA);
  await hub.match('bob@delta-two.co.uk', DELTA);
  expect(await hub.match(CY, { ...DELTA, ...cy }, [REF])).toMatchObject({ accountId: null });
  expect(await hub.waiting()).toHaveLength(1);
  for (const key of [`account:${ONE}`, `account:${TWO}`, 'name:delta pumps', 'ref:crm/company/12'])
    expect(await hub.awaited(key)).toHaveLength(1);
  return hub;
}

const ONE = accountIdOf('delta-one.co.uk');
const TWO = accountIdOf('delta-two.co.uk');

describe('an account changes, and whoever waits for it is matched again', () => {
  test.each([
    ['the reference that the CRM links them to', { domain: 'delta-two.co.uk' }, [REF]],
    ['another name, so that one is left', { domain: 'delta-one.co.uk', name: 'Zeppelin' }, []],
    ['another country', { domain: 'delta-one.co.uk', country: 'US' }, []],
  ])('by %s', async (_, account, external) => {
    using hub = await openDoubt();
    await hub.account(account, external);
    expect((await hub.personOf(CY)).accountId).toBe(TWO);
    expect(await hub.waiting()).toEqual([]);
    const told = await hub.again(CY);
    expect(told).toHaveLength(1);
    expect(told[0]?.detail).toMatchObject({ accountChanged: expect.any(String) });
    expect(await hub.awaited(`account:${ONE}`)).toEqual([]);
    expect(await hub.news()).toEqual([]);
  });

  test('to no avail where it tells nothing more, and nobody is written for it', async () => {
    using hub = await openDoubt();
    await hub.account({ domain: 'delta-one.co.uk', city: 'Leeds' });
    const { id } = await hub.personOf(CY);
    const before = await hub.hub.records.get(personKey(id));
    const asked = await hub.waiting();
    await hub.account({ domain: 'delta-one.co.uk', city: 'York' });
    expect(await hub.hub.records.get(personKey(id))).toEqual(before);
    expect(await hub.waiting()).toEqual(asked);
  });

  test('but neither for an owner nor for a size', async () => {
    using hub = await openDoubt();
    await hub.follow();
    const told = { domain: 'delta-one.co.uk', owner: 'anna@northwind.example', employees: 9 };
    const change = { type: 'account.changed', at: minute(90), subject: {}, account: told } as const;
    await hub.tell(event<'account.changed'>(change));
    expect(await hub.news()).toEqual([]);
  });

  test('and a hand pick stands', async () => {
    using hub = await openDoubt();
    const { id } = await hub.personOf(CY);
    await pickAccount(hub.hub, id, { account: ONE, by: 'ops' });
    expect(await hub.awaited(`account:${TWO}`)).toEqual([]);
    await hub.account({ domain: 'delta-two.co.uk' }, [REF]);
    expect((await hub.personOf(CY)).accountId).toBe(ONE);
    expect(await hub.again(CY)).toEqual([]);
  });

  test('once, also where following is cut off at any write', async () => {
    for (let allowed = 0; allowed < 4; allowed += 1) {
      using hub = await openDoubt();
      const { id } = await hub.personOf(CY);
      const told = { domain: 'delta-two.co.uk' };
      const change = { type: 'account.changed', at: minute(90), account: told } as const;
      await hub.tell(event<'account.changed'>({ ...change, subject: { external: [REF] } }));
      let left = allowed;
      const { records } = hub.hub;
      const write: Records['write'] = async (writes) => {
        left -= 1;
        if (left < 0) throw new Error('cut off');
        await records.write(writes);
      };
      await hub.follow({ ...records, write }).catch(() => undefined);
      await hub.follow();
      expect((await hub.personOf(CY)).accountId).toBe(TWO);
      expect(await hub.again(CY)).toHaveLength(1);
      expect(await hub.news()).toEqual([]);
      const { items } = await records.query({ pk: `ACCOUNT#${TWO}`, prefix: `PERSON#${id}` });
      expect(items).toHaveLength(1);
    }
  });
});

test('somebody of whom nothing is known but a link to the CRM finds its account later', async () => {
  using hub = await openFollowing();
  expect(await hub.match(CY, {}, [REF])).toMatchObject({ accountId: null });
  await hub.account({ domain: 'delta-two.co.uk' }, [REF]);
  expect((await hub.personOf(CY)).accountId).toBe(TWO);
  expect(await hub.awaited('ref:crm/company/12')).toEqual([]);
});

test('an account made of a name gives way to the one that the CRM knows by it', async () => {
  using hub = await openFollowing();
  const { accountId: made } = await hub.match(CY, { company: 'Delta Pumps Ltd', country: 'GB' });
  await hub.match('dan@gmail.com', DELTA);
  expect((await hub.personOf('dan@gmail.com')).accountId).toBe(made);
  await hub.account({ domain: 'delta-two.co.uk', name: 'Delta Pumps', country: 'GB' }, [REF]);
  expect((await hub.personOf(CY)).accountId).toBe(TWO);
  expect((await hub.personOf('dan@gmail.com')).accountId).toBe(TWO);
  expect(await read(hub.hub.records, Account, accountKey(made ?? ''))).toBeUndefined();
  expect(await hub.match('eve@gmail.com', DELTA)).toMatchObject({ accountId: TWO });
});

test('it stays where the CRM knows two of the name', async () => {
  using hub = await openFollowing();
  const { accountId: made } = await hub.match(CY, DELTA);
  await hub.account({ domain: 'delta-one.co.uk', name: 'Other', country: 'GB' });
  await hub.tell(
    ...['one', 'two'].map((which) =>
      event<'account.changed'>({
        ...{ type: 'account.changed', at: minute(70), subject: {} },
        account: { domain: `delta-${which}.co.uk`, name: 'Delta Pumps', country: 'GB' },
      }),
    ),
  );
  await hub.follow();
  expect((await hub.personOf(CY)).accountId).toBe(made);
});

test('whoever is erased waits for nothing', async () => {
  using hub = await openDoubt();
  const subject = { email: CY };
  await hub.tell(event<'person.erased'>({ type: 'person.erased', at: minute(80), subject }));
  expect(await hub.awaited(`account:${ONE}`)).toEqual([]);
  expect(await hub.awaited('name:delta pumps')).toEqual([]);
});
