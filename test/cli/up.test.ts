import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { segmentSender } from '#connectors/segment/fake.ts';
import { startBaton, temporaryFolder } from './command-line.ts';
import { CONFIG, JANE_ASKS, SECRETS } from './filled-store.ts';
import { baton } from './one-process.ts';

const sender = segmentSender({ now: () => new Date(), ...SECRETS.web });

function configuredFolder(secrets: object = SECRETS) {
  const folder = temporaryFolder();
  writeFileSync(join(folder.path, 'baton.json'), JSON.stringify(CONFIG));
  mkdirSync(join(folder.path, '.baton'));
  writeFileSync(join(folder.path, '.baton/secrets.json'), JSON.stringify(secrets));
  return folder;
}

/** What a website of which Jane is a visitor sends to a hub. */
async function janeAsks(url: string): Promise<number> {
  const messages = JANE_ASKS.map(([type, fields]) =>
    sender.message(type, fields as Record<string, unknown>),
  );
  const { method, path, headers, body } = sender.tracking(...messages);
  return (await fetch(`${url}${path}`, { method, headers, body })).status;
}

const urlIn = (said: string) => /Baton is up at (http:\S+)/.exec(said)?.[1] ?? '';

test('a hub is up: it tells where it listens and what goes by, and stops when it is asked to', async () => {
  using folder = configuredFolder();
  await using hub = startBaton(['up', '--port', '0'], folder.path);
  const banner = await hub.says('Ctrl-C stops it.');
  const url = urlIn(banner);
  expect(banner).toMatch(/^ {2}playbook +[0-9a-f]{20}$/m);
  expect(banner).toContain(`${url}/in/segment/web`);
  expect(banner).toContain(`${url}/v1/batch`);

  expect(await janeAsks(url)).toBe(200);
  const lines = await hub.says('handed off');
  expect(lines).toMatch(/received +Jane Doe {2}asked to talk to sales \(Demo\) \(web\)/);
  expect(lines).toMatch(
    /handed off +Jane Doe {2}to \S+@northwind\.example, lane hand-raiser, accept by /,
  );

  const door = join(folder.path, '.baton/admin-token');
  expect(statSync(door).mode & 0o777).toBe(0o600);
  const { token } = JSON.parse(readFileSync(door, 'utf8')) as { token: string };
  const ask = (headers: Record<string, string>) =>
    fetch(`${url}/admin/quarantine/q_1/replay`, { method: 'POST', headers });
  expect((await ask({})).status).toBe(401);
  expect((await ask({ authorization: 'Bearer guessed' })).status).toBe(401);
  const bearer = { authorization: `Bearer ${token}` };
  expect((await ask({ ...bearer, 'x-forwarded-for': '203.0.113.7' })).status).toBe(401);
  expect((await ask(bearer)).status).toBe(404);

  const second = await baton(['up', '--port', '0'], folder.path);
  expect(second.code).toBe(1);
  expect(second.stderr).toContain(`Process ${hub.process.pid} works on`);
  expect(second.stderr).toContain('--data');
  expect(second.stderr).toContain('code: store_in_use');

  hub.process.kill('SIGTERM');
  const { code, stdout, stderr } = await hub.ended;
  expect(stderr).toBe('');
  expect(stdout.trimEnd().endsWith('stopped')).toBe(true);
  expect(code).toBe(0);
  expect(() => statSync(door)).toThrow(/ENOENT/);
}, 60_000);

test('with --json each line is a document', async () => {
  using folder = configuredFolder();
  await using hub = startBaton(['up', '--port', '0', '--json'], folder.path);
  const [first = ''] = (await hub.says('\n')).split('\n');
  const up = JSON.parse(first) as { url: string };
  expect(up).toMatchObject({
    what: 'up',
    connections: [
      {
        name: 'web',
        vendor: 'segment',
        inbound: [`${up.url}/in/segment/web`, `${up.url}/v1/batch`],
      },
    ],
  });
  await janeAsks(up.url);
  await hub.says('"handed off"');
  hub.process.kill('SIGINT');
  const { code, stdout } = await hub.ended;
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { what: string });
  expect(lines.map(({ what }) => what)).toEqual([
    'up',
    // Nobody has signed what sales-ready means.
    'trouble',
    'received',
    'trouble',
    'handed off',
    'stopping',
    'stopped',
  ]);
  expect(code).toBe(0);
}, 60_000);

test('with --sandbox it brings vendors along, which end with it when it stops in good order', async () => {
  using folder = temporaryFolder();
  await using hub = startBaton(['up', '--sandbox', '--port', '0'], folder.path);
  const banner = await hub.says('Ctrl-C stops it.');
  expect(banner).toMatch(/connection +salesforce \(salesforce, crm\)/);
  expect(banner).toContain('npx baton sandbox leads 5');
  const state = join(folder.path, '.baton/sandbox.json');
  const { pid } = JSON.parse(readFileSync(state, 'utf8')) as { pid: number };
  expect(process.kill(pid, 0)).toBe(true);

  hub.process.kill('SIGTERM');
  expect((await hub.ended).code).toBe(0);
  await goneWithin(10_000, pid);
}, 60_000);

async function goneWithin(ms: number, pid: number): Promise<void> {
  for (const deadline = Date.now() + ms; Date.now() < deadline; await sleep(50)) {
    if (!isAlive(pid)) return;
  }
  throw new Error(`Process ${pid} is still there after ${ms} ms.`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a hub that can not start says why', () => {
  test('without connections', async () => {
    using folder = temporaryFolder();
    const { code, stderr } = await baton(['up', '--port', '0'], folder.path);
    expect(code).toBe(1);
    expect(stderr).toContain('There is no baton.json here');
    expect(stderr).toContain('baton up --sandbox');
    expect(stderr).toContain('code: connections_missing');
  }, 60_000);

  test.each([
    ['without credentials', {}, /Connection 'web' has no\s+credentials: .*BATON_WEB_<NAME>/s],
    [
      'with credentials of another vendor',
      { web: { botToken: 'xoxb' } },
      /credentials of connection 'web' can't be used.*botToken.*under\s+"web"\s+in\s+\.baton\/secrets\.json/s,
    ],
  ])(
    '%s',
    async (_, secrets, expected) => {
      using folder = configuredFolder(secrets);
      const { code, stderr } = await baton(['up', '--port', '0'], folder.path);
      expect(code).toBe(1);
      expect(stderr).toMatch(expected);
      expect(stderr).toContain('code: credentials_missing');
      expect(stderr).not.toContain('xoxb');
    },
    60_000,
  );

  test('with a configuration that can not be read, as JSON when asked', async () => {
    using folder = configuredFolder();
    writeFileSync(join(folder.path, 'baton.json'), '{\n  "prot": 8080\n}');
    const { code, stdout, stderr } = await baton(['up', '--json'], folder.path);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    const { error } = JSON.parse(stderr) as { error: { code: string; message: string } };
    expect(error.code).toBe('config_invalid');
    expect(error.message).toMatch(/baton\.json:2:\d+ .*Did you mean "port"\?/);
  }, 60_000);

  test('on a port that is taken', async () => {
    using folder = configuredFolder();
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    try {
      const { code, stderr } = await baton(['up', '--port', String(port)], folder.path);
      expect(code).toBe(1);
      expect(stderr).toContain(`Port ${port} is taken`);
      expect(stderr).toContain('code: port_unavailable');
    } finally {
      other.close();
    }
  }, 60_000);
});
