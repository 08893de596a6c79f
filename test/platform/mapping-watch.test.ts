import { mappingNotices } from '#cli/up/watch-mapping.ts';
import { openMappingWatch } from '#platform/embedded/mapping-watch.ts';
import { type SandboxHub, startSandboxHub } from '#test/support/sandbox-hub.ts';
import type { MappingLook } from '#workflows/check-mappings.ts';

function watch(sandbox: SandboxHub) {
  const looks: MappingLook[] = [];
  const tell = (look: MappingLook) => looks.push(look);
  const { look } = openMappingWatch(sandbox.hub(), { clock: sandbox.clock, tell });
  return {
    async look(): Promise<string[]> {
      looks.length = 0;
      await look();
      return looks.flatMap(mappingNotices);
    },
    next: look,
  };
}

const alerts = ({ vendors }: SandboxHub) =>
  vendors.slack.messages.map(({ text }) => text).filter((text) => text.includes('jobtitle'));

test('a field that disappears is alerted once for each time, with the workflows that it breaks', async () => {
  await using sandbox = await startSandboxHub();
  const { look } = watch(sandbox);
  expect(await look()).toEqual([]);

  const { faults } = sandbox.vendors;
  faults.add({ connection: 'hubspot', fault: 'drift' });
  const told = [
    'hubspot: contacts.jobtitle is not there (setting fields.title); it breaks inbound-lead',
  ];
  expect(await look()).toEqual(told);
  expect(await look()).toEqual(told);
  expect(alerts(sandbox)).toEqual([
    expect.stringContaining("HubSpot (connection 'hubspot'): contacts.jobtitle is not there"),
  ]);
  sandbox.restart();
  expect(await watch(sandbox).look()).toEqual(told);
  expect(alerts(sandbox)).toHaveLength(1);

  faults.clear();
  await sandbox.pass(60);
  expect(await watch(sandbox).look()).toEqual([]);
  faults.add({ connection: 'hubspot', fault: 'drift' });
  await sandbox.pass(60);
  expect(await watch(sandbox).look()).toEqual(told);
  expect(alerts(sandbox)).toHaveLength(2);
});

test('a vendor that can not be asked is told, and asked again within the hour', async () => {
  await using sandbox = await startSandboxHub();
  const { look, next } = watch(sandbox);
  sandbox.vendors.faults.add({ connection: 'hubspot', fault: 'token' });
  expect(await look()).toEqual([
    expect.stringMatching(/^the fields of hubspot could not be looked at: /),
  ]);
  const at = sandbox.clock.now().getTime();
  expect(await next()).toBe(at + 3_600_000);
  sandbox.vendors.faults.clear();
  expect(await next()).toBe(at + 86_400_000);
});

test('a write that is refused for a field names the setting', async () => {
  await using sandbox = await startSandboxHub();
  sandbox.vendors.faults.add({ connection: 'hubspot', fault: 'drift' });
  const call = sandbox.hub().connections.call({
    connection: 'hubspot',
    operation: 'person.upsert',
    input: { email: 'a@b.test', facts: { email: 'a@b.test', title: 'CEO' } },
    key: 'k1',
    recovering: false,
  });
  await expect(call).rejects.toMatchObject({
    kind: 'config',
    message: expect.stringContaining(
      "contacts.jobtitle comes from the setting 'fields.title' of connection 'hubspot'.",
    ),
  });
});
