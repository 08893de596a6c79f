import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { render } from '#cli/commands/reconcile.ts';
import { plain } from '#cli/terminal.ts';
import { fakeHubspot } from '#connectors/hubspot/fake.ts';
import { serveOnLoopback } from '#connectors/kit/fake.ts';
import { startBaton, temporaryFolder } from './command-line.ts';
import { baton } from './one-process.ts';

const ZOE = 'zoe@buyer.test';

/** A folder with a hub for a portal from which no webhook ever comes. */
async function folderWithPortal() {
  const folder = temporaryFolder();
  const now = () => new Date();
  const fake = fakeHubspot({
    ...{ now, token: 'pat-test', clientSecret: 'c'.repeat(36), portalId: 33, appId: 11 },
    targetUrl: 'https://hub.example.com/in/hubspot/crm',
  });
  const served = await serveOnLoopback(fake.app);
  const settings = { baseUrl: served.url, portalId: 33, appId: 11, overlapSeconds: 10 };
  const connection = { name: 'crm', vendor: 'hubspot', roles: ['crm'], settings };
  writeFileSync(join(folder.path, 'baton.json'), JSON.stringify({ connections: [connection] }));
  mkdirSync(join(folder.path, '.baton'));
  const secrets = { crm: { token: 'pat-test', clientSecret: 'c'.repeat(36) } };
  writeFileSync(join(folder.path, '.baton', 'secrets.json'), JSON.stringify(secrets));
  return {
    path: folder.path,
    fake,
    async [Symbol.asyncDispose]() {
      await served.close();
      folder[Symbol.dispose]();
    },
  };
}

const CONTACTS = ['reconcile', '--connection', 'crm', '--stream', 'contacts', '--json'];

test('what webhooks lost is found in a store that stands still, and by a hub that runs', async () => {
  await using folder = await folderWithPortal();
  const { path, fake } = folder;
  const first = await baton(CONTACTS, path);
  expect(first.stderr).toBe('');
  expect(JSON.parse(first.stdout)).toMatchObject([
    { connection: 'crm', stream: 'contacts', rows: 0, seen: 0, missRate: null, rested: true },
  ]);

  fake.createContact({ email: ZOE, company: 'Buyer' });
  const [found] = JSON.parse((await baton(CONTACTS, path)).stdout) as { missed: number }[];
  expect(found?.missed).toBeGreaterThan(0);
  const shown = await baton(['show', ZOE, '--json'], path);
  expect(JSON.parse(shown.stdout)).toMatchObject({ person: { facts: { company: 'Buyer' } } });

  await using hub = startBaton(['up', '--port', '0'], path);
  await hub.says('Ctrl-C stops it.');
  fake.createContact({ email: 'max@buyer.test' });
  const [again] = JSON.parse((await baton(CONTACTS, path)).stdout) as { missed: number }[];
  expect(again?.missed).toBeGreaterThan(found?.missed ?? 0);

  const unknown = await baton(['reconcile', '--stream', 'leads'], path);
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toContain("There is nothing to ask under the stream 'leads'");
}, 180_000);

test('a stream that could not be asked is told apart, and why', () => {
  const common = { connection: 'crm', restedAt: null, rows: 0, pages: 0 };
  const text = render(
    [
      {
        ...{ ...common, stream: 'deals', rows: 12, seen: 200, missed: 3, missRate: 0.015 },
        ...{ rested: true, ageMinutes: 2 },
      },
      {
        ...{ ...common, stream: 'tickets', seen: 0, missed: 0, missRate: null, ageMinutes: null },
        ...{ rested: false, error: { code: 'x', message: 'HubSpot refused it.' } },
      },
    ],
    plain,
  );
  expect(text.split('\n').slice(1)).toEqual([
    'crm         deals    12         200       3       1.5 %  2 min old',
    'crm         tickets  failed     0         0       -      never at the end',
    'crm, tickets: HubSpot refused it.',
  ]);
});
