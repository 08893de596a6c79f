import type { EventOf } from '#core/events.ts';
import { Account, accountIdOf, accountKey } from '#core/records/account.ts';
import { read } from '#core/records/store.ts';
import { openIntake } from '#test/support/intake-world.ts';
import { event, minute } from '#test/support/lead-events.ts';

const DOMAIN = 'analytical-engines.com';

const account = (
  at: string,
  told: EventOf<'account.changed'>['account'],
  subject: EventOf<'account.changed'>['subject'] = {},
) =>
  event<'account.changed'>({
    type: 'account.changed',
    at,
    subject,
    account: { domain: DOMAIN, ...told },
  });

const stored = (intake: ReturnType<typeof openIntake>) =>
  read(intake.store.records, Account, accountKey(accountIdOf(DOMAIN)));

test('what a CRM says of an account is kept, and nobody is made of it', async () => {
  using intake = openIntake();
  await intake.apply(account(minute(0), { name: 'Analytical Engines', employees: 480 }));
  await intake.apply(account(minute(1), { owner: 'anna.keller@northwind.example' }));
  expect((await stored(intake))?.data).toEqual({
    id: accountIdOf(DOMAIN),
    domain: DOMAIN,
    firstSeenAt: minute(0),
    name: 'Analytical Engines',
    employees: 480,
    owner: 'anna.keller@northwind.example',
    ownerSetBy: 'crm',
    ownerSince: minute(1),
  });
  expect(intake.people()).toEqual([]);
});

test('an owner that is told late does not take the account back', async () => {
  using intake = openIntake();
  await intake.apply(
    account(minute(10), { owner: 'anna.keller@northwind.example' }),
    account(minute(5), { owner: 'jonas.brandt@northwind.example' }),
  );
  expect((await stored(intake))?.data.owner).toBe('anna.keller@northwind.example');
});

test('colleagues who name the same account are not the same person', async () => {
  using intake = openIntake();
  const group = [{ connection: 'website', kind: 'account', id: 'g1' }];
  await intake.apply(
    account(minute(0), {}, { userId: 'ada', external: group }),
    account(minute(1), {}, { userId: 'grace', external: group }),
    account(minute(2), {}, { anonymousId: 'v1', external: group }),
  );
  expect(intake.people()).toHaveLength(2);
});
