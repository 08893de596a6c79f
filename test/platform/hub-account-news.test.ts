import { memorySecrets } from '#cli/sandbox/memory-secrets.ts';
import { applyEvent } from '#core/intake/apply-event.ts';
import { identify } from '#core/intake/identify.ts';
import { accountIdOf } from '#core/records/account.ts';
import { Person, personKey } from '#core/records/person.ts';
import { readExisting } from '#core/records/store.ts';
import { matchAccount } from '#core/steps/match-account.ts';
import { virtualClock } from '#platform/embedded/clock.ts';
import { openEmbeddedHub } from '#platform/embedded/hub.ts';
import { MORNING } from '#test/support/embedded-store.ts';
import { ADA, event, minute } from '#test/support/lead-events.ts';
import { shippedPlaybook } from '#test/support/shipped-playbook.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const REF = { connection: 'crm', kind: 'company', id: '12' };
const CY = 'cy@gmail.com';

test('a hub follows the news of an account by itself, also one that was ended before', async () => {
  using folder = temporaryFolder();
  const clock = virtualClock(MORNING);
  const playbook = await shippedPlaybook();
  const open = () =>
    openEmbeddedHub({
      ...{ folder: folder.path, durability: 'process-end', playbook, clock },
      ...{ connectors: {}, connections: [], secrets: memorySecrets({}) },
      ...{ mail: { send: async () => {} }, publicUrl: 'https://hub.example' },
    });
  const before = open();
  const { hub } = before;
  const subject = { email: CY, external: [REF] };
  const told = { type: 'person.changed', at: minute(0), subject, person: { email: CY } } as const;
  await applyEvent(hub, event<'person.changed'>(told));
  const { personId = '' } = await identify(hub.records, { email: CY });
  await matchAccount(hub, {
    ...{ run: 'run-1', step: 'match', workflow: 'inbound-lead', person: personId },
    ...{ event: 'evt_1', entered: minute(0), handoff: null, score: null, route: null },
    reason: null,
  });
  await applyEvent(
    hub,
    event<'account.changed'>({
      ...{ type: 'account.changed', at: minute(1), subject: { external: [REF] } },
      account: { domain: 'delta-two.co.uk', owner: ADA },
    }),
  );
  await before.close();

  const after = open();
  await after.worker.run(clock.now());
  const { data } = await readExisting(after.hub.records, Person, personKey(personId));
  expect(data).toMatchObject({ accountId: accountIdOf('delta-two.co.uk') });
  expect(data.awaits).toBeUndefined();
  await after.close();
});
