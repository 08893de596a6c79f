import { type Examined, renderExamined } from '#cli/commands/doctor.ts';
import { memorySecrets } from '#cli/sandbox/memory-secrets.ts';
import { startVendors, type Vendors } from '#cli/sandbox/vendors.ts';
import { plain } from '#cli/terminal.ts';
import { connectors } from '#connectors/index.ts';
import { openConnections } from '#connectors/kit/connections.ts';
import { type CheckResult, examine } from '#connectors/kit/doctor.ts';
import type { Fault } from '#connectors/kit/faults.ts';
import { shippedPlaybook } from '#test/support/shipped-playbook.ts';

let vendors: Vendors;

beforeAll(async () => {
  vendors = await startVendors({
    now: () => new Date(),
    playbook: await shippedPlaybook(),
    deliver: () => {},
  });
});
afterAll(() => vendors.close());
afterEach(() => vendors.faults.clear());

/** Anew each time, as each call of the command does. */
function examined(name: string): Promise<CheckResult[]> {
  const { connections, credentials } = vendors.wiring;
  const secrets = memorySecrets(credentials);
  const now = () => new Date();
  const open = openConnections({ connectors, connections, secrets, now }).open(name);
  return examine(open, { address: `https://hub.example.com/in/x/${name}`, now });
}

const CALLED = ['salesforce', 'hubspot', 'marketo', 'slack', 'enrichment'];

test.each(CALLED)('nothing is wrong with %s as long as no fault strikes', async (name) => {
  const results = await examined(name);
  expect(results.filter(({ state }) => !['ok', 'unknown'].includes(state))).toEqual([]);
  expect(results.map(({ check }) => check)).toEqual(
    expect.arrayContaining(['credentials', 'clock']),
  );
});

/** Which check names the fault, and by which words. */
const NAMED: readonly (readonly [string, Fault, CheckResult['check'], RegExp])[] = [
  ['salesforce', 'token', 'scopes', /session|INVALID_SESSION/i],
  ['hubspot', 'token', 'credentials', /EXPIRED_AUTHENTICATION|token/],
  ['marketo', 'token', 'scopes', /60[12]|token/],
  ['slack', 'token', 'credentials', /token_revoked/],
  ['enrichment', 'token', 'credentials', /key/i],
  ['salesforce', 'scopes', 'scopes', /lacks rights: Lead createable/],
  ['hubspot', 'scopes', 'scopes', /may not read contacts/],
  ['marketo', 'scopes', 'scopes', /lacks: Read-Only Person/],
  ['slack', 'scopes', 'scopes', /lacks chat:write/],
  ['salesforce', 'quota', 'scopes', /daily quota is used up/],
  ['hubspot', 'quota', 'credentials', /daily/i],
  ['marketo', 'quota', 'scopes', /607/],
  ['enrichment', 'quota', 'credentials', /credits .*used up/],
  ['salesforce', 'throttle', 'scopes', /concurrent calls is used up/],
  ['hubspot', 'throttle', 'credentials', /rate|TEN_SECONDLY/i],
  ['marketo', 'throttle', 'scopes', /606/],
  ['slack', 'throttle', 'credentials', /too many calls/],
  ['enrichment', 'throttle', 'credentials', /too many calls/],
  ['salesforce', 'outage', 'scopes', /503/],
  ['hubspot', 'outage', 'credentials', /503/],
  ['marketo', 'outage', 'credentials', /503/],
  ['slack', 'outage', 'credentials', /503/],
  ['enrichment', 'outage', 'credentials', /503/],
  ['salesforce', 'drift', 'mapping', /Lead\.\w+ is not there \(setting fields\.lead/],
  ['hubspot', 'drift', 'mapping', /contacts\.jobtitle is not there \(setting fields\.title\)/],
  ['marketo', 'drift', 'mapping', /lead\.title is not there \(setting fields\.title\)/],
  ['salesforce', 'webhooks', 'webhooks', /No channel carries LeadChangeEvent/],
  ['hubspot', 'webhooks', 'webhooks', /but not these: contact\.creation/],
  ['salesforce', 'skew', 'clock', /60\d s ahead .*stale/],
  ['hubspot', 'skew', 'clock', /60\d s ahead .*stale/],
  ['marketo', 'skew', 'clock', /60\d s ahead of the vendor's\.$/],
  ['slack', 'skew', 'clock', /60\d s ahead .*stale/],
];

test.each(NAMED)('at %s the fault %s is named by %s', async (connection, fault, check, words) => {
  vendors.faults.add({ connection, fault });
  const results = await examined(connection);
  const found = results.find((one) => one.check === check);
  expect(found).toMatchObject({
    state: expect.stringMatching(/failure|warning/),
    says: expect.stringMatching(words),
    advice: expect.stringMatching(/\.$/),
  });
  // Told once: where others met the same refusal, they refer to it.
  const says = results.filter(({ state }) => state !== 'ok').map((one) => one.says);
  expect(says.filter((one) => one === found?.says)).toHaveLength(1);
});

test('a check that breaks off does not stop the others', async () => {
  const { connections, credentials } = vendors.wiring;
  const secrets = memorySecrets(credentials);
  const now = () => new Date();
  const open = openConnections({ connectors, connections, secrets, now }).open('slack');
  const broken = {
    ...open,
    connector: {
      ...open.connector,
      examination: {
        credentials: () => Promise.reject(new TypeError('x is undefined')),
        scopes: async () => ({ state: 'ok' as const, says: 'All there.' }),
      },
    },
  };
  const results = await examine(broken, { address: 'https://hub.example.com', now });
  expect(results.map(({ check, state }) => [check, state])).toEqual([
    ['credentials', 'failure'],
    ['scopes', 'ok'],
    ['webhooks', 'unknown'],
  ]);
});

test('every fault can be listed, and ends when it is cleared', () => {
  const { faults } = vendors;
  expect(faults.add({ connection: 'nobody', fault: 'outage' })).toBe(false);
  faults.add({ connection: 'hubspot', fault: 'outage', forMs: 3_600_000 });
  faults.add({ connection: 'slack', fault: 'throttle', times: 2, path: 'chat' });
  expect(faults.list()).toMatchObject([
    { connection: 'hubspot', fault: 'outage', until: expect.any(String) },
    { connection: 'slack', fault: 'throttle', times: 2, path: 'chat' },
  ]);
  faults.clear('hubspot');
  expect(faults.list()).toHaveLength(1);
  faults.clear();
  expect(faults.list()).toEqual([]);
});

test('missing credentials are a finding, and nothing is asked', async () => {
  const { connections } = vendors.wiring;
  const now = () => new Date();
  const open = openConnections({ connectors, connections, secrets: memorySecrets({}), now });
  const results = await examine(open.open('hubspot'), { address: 'https://hub.example.com', now });
  expect(results).toMatchObject([{ check: 'credentials', state: 'failure' }]);
});

test('what is printed fits a terminal', async () => {
  vendors.faults.add({ connection: 'hubspot', fault: 'outage' });
  const all: Examined[] = await Promise.all(
    ['hubspot', 'slack', 'salesforce'].map(async (name) => ({
      connection: name,
      vendor: name,
      checks: await examined(name),
    })),
  );
  const lines = renderExamined(all, plain).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.at(-1)).toMatch(/^1 check failed, 0 warnings, \d+ that can't be seen from here\.$/);
});
