import { accountNews } from '#core/identity/account-news.ts';
import { awaitWrites } from '#core/identity/awaited.ts';
import { accountKeyItems } from '#core/identity/find-account.ts';
import { followAccounts } from '#core/identity/follow-account.ts';
import { firstSight } from '#core/intake/apply-facts.ts';
import { type Account, accountItem } from '#core/records/account.ts';
import { Person, personItem, personKey } from '#core/records/person.ts';
import { readExisting } from '#core/records/store.ts';
import { dynamoRecords } from '#platform/aws/dynamo-records.ts';
import { noDynoxide, startDynoxide } from '#test/support/dynoxide.ts';
import { demoRequest, minute } from '#test/support/lead-events.ts';

const REF = { connection: 'crm', kind: 'company', id: '12' };
const account = (id: string, external: Account['external'] = []): Account => ({
  ...{ id, name: id, external },
});

/** Somebody who waits for the account that the CRM links them to. */
const waiting = (id: string): Person => ({
  ...firstSight(id, demoRequest(minute(0))),
  external: [REF],
  awaits: ['ref:crm/company/12'],
});

if (noDynoxide === undefined) {
  test('news of accounts are followed a part at a time, and each once', async () => {
    await using emulator = await startDynoxide();
    await emulator.createTable('hub');
    const records = dynamoRecords(emulator.db, 'hub');
    const people = ['prs_1', 'prs_2'].map(waiting);
    const all = [account('acc_old'), account('acc_new', [REF])];
    await records.write([
      ...people.flatMap((one) => [{ put: personItem(one, 1) }, ...awaitWrites(undefined, one)]),
      ...all.flatMap((one, index) => [
        { put: accountItem(one, 1) },
        ...accountKeyItems(one).map((put) => ({ put })),
        ...accountNews(undefined, one, { version: 1, at: minute(index) }),
      ]),
    ]);
    const accountOf = async (id: string) =>
      (await readExisting(records, Person, personKey(id))).data.accountId;
    const hub = { records, order: () => 1 };
    await followAccounts(hub, 1);
    expect(await accountOf('prs_1')).toBeUndefined();
    await followAccounts(hub, 1);
    expect([await accountOf('prs_1'), await accountOf('prs_2')]).toEqual(['acc_new', 'acc_new']);
    const left = await records.query({ index: 'gsi1', pk: 'ACCOUNTNEWS' });
    expect(left.items).toEqual([]);
    expect((await records.query({ pk: 'AWAITED#ref:crm/company/12' })).items).toEqual([]);
  });
} else {
  test.skip(`followAccounts: ${noDynoxide}`, () => undefined);
}
