import { accountKeyItems, findAccount } from '#core/identity/find-account.ts';
import type { Account } from '#core/records/account.ts';
import { accountItem } from '#core/records/account.ts';
import { dynamoRecords } from '#platform/aws/dynamo-records.ts';
import { indexOldAccounts } from '#platform/aws/old-accounts.ts';
import { noDynoxide, startDynoxide } from '#test/support/dynoxide.ts';

const OLD: Account = { id: 'acc_old', name: 'Rocket Pumps Ltd', country: 'GB' };
const NEW: Account = { id: 'acc_new', name: 'Zeppelin Works', country: 'DE' };

const byName = (name: string, country: string) => ({ name, country, domains: [], refs: [] });

if (noDynoxide === undefined) {
  test('accounts from before names were kept are found by them afterwards, once for all', async () => {
    await using emulator = await startDynoxide();
    await emulator.createTable('hub');
    const records = dynamoRecords(emulator.db, 'hub');
    await records.write([
      { put: accountItem(OLD, 1) },
      { put: accountItem(NEW, 1) },
      ...accountKeyItems(NEW).map((put) => ({ put })),
    ]);
    const sought = byName('ROCKET PUMPS', 'GB');
    expect((await findAccount(records, sought)).verdict).toEqual({ kind: 'none' });
    await indexOldAccounts(emulator.db, 'hub', records);
    expect((await findAccount(records, sought)).stored?.data).toEqual(OLD);

    await records.write(accountKeyItems(OLD).map(({ pk, sk }) => ({ remove: { pk, sk } })));
    await indexOldAccounts(emulator.db, 'hub', records);
    expect((await findAccount(records, sought)).verdict).toEqual({ kind: 'none' });
  });
} else {
  test.skip(`indexOldAccounts: ${noDynoxide}`, () => undefined);
}
