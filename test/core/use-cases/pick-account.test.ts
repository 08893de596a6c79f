import { pickAccount } from '#core/identity/pick-account.ts';
import { changed, openMatching } from '#test/support/matching-world.ts';

describe('what is said by hand', () => {
  const facts = { company: 'Delta Pumps', country: 'GB' };
  const openDoubt = async () => {
    const hub = await openMatching();
    const one = await hub.match('ada@delta-one.co.uk', facts);
    const other = await hub.match('bob@delta-two.co.uk', facts);
    await hub.match('cy@gmail.com', facts);
    const { id } = await hub.personOf('cy@gmail.com');
    const pick = (request: Partial<Parameters<typeof pickAccount>[2]>) =>
      pickAccount(hub.hub, id, { account: null, by: 'olga', ...request });
    return { ...hub, one: one.accountId, other: other.accountId, pick };
  };

  test('ends the question, and no later news changes it', async () => {
    using hub = await openDoubt();
    expect(await hub.pick({ account: hub.other, why: 'asked her' })).toMatchObject({
      accountId: hub.other,
      before: null,
    });
    expect(await hub.waiting()).toEqual([]);
    await hub.tell(changed(60, 'cy@gmail.com', { website: 'https://delta-one.co.uk' }));
    await hub.tell(changed(61, 'cy@gmail.com', { company: 'Zeppelin Works' }));
    await hub.at(90);
    expect(await hub.match('cy@gmail.com')).toEqual({
      accountId: hub.other,
      how: 'olga said so on 2026-12-07',
    });
    expect(await hub.lastDecision('cy@gmail.com')).toMatchObject({
      detail: { rung: 'picked', evidence: ['olga said so on 2026-12-07: asked her'] },
    });
  });

  test('that it is none stands as well, and can be said otherwise again', async () => {
    using hub = await openDoubt();
    await hub.pick({ account: hub.one });
    await hub.pick({ account: null, why: 'a reseller' });
    expect(await hub.match('cy@gmail.com', { website: 'delta-one.co.uk' })).toMatchObject({
      accountId: null,
    });
    expect((await hub.personOf('cy@gmail.com')).accountId).toBeUndefined();
    await hub.pick({ account: 'delta-two.co.uk' });
    expect((await hub.personOf('cy@gmail.com')).accountId).toBe(hub.other);
  });

  test('taken back, the hub decides by what is known now', async () => {
    using hub = await openDoubt();
    await hub.pick({ account: hub.one });
    await hub.pick({ undo: true });
    expect((await hub.personOf('cy@gmail.com')).accountId).toBeUndefined();
    expect(await hub.waiting()).toHaveLength(1);
  });

  test('of an account that is not there is refused', async () => {
    using hub = await openDoubt();
    await expect(hub.pick({ account: 'acc_nobody' })).rejects.toMatchObject({
      code: 'account_unknown',
    });
  });

  test('what is asked of the same accounts again keeps its clock', async () => {
    using hub = await openDoubt();
    const [asked] = await hub.waiting();
    await hub.at(600);
    await hub.tell(changed(600, 'cy@gmail.com', { city: 'Leeds' }));
    expect(await hub.waiting()).toMatchObject([{ at: asked?.at, nextAction: asked?.nextAction }]);
  });
});
