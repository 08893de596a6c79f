import type Database from 'libsql';
import { connectors } from '#connectors/index.ts';
import { segmentSender } from '#connectors/segment/fake.ts';
import type { HubError } from '#core/errors.ts';
import { virtualClock } from '#platform/embedded/clock.ts';
import { openEmbeddedHub } from '#platform/embedded/hub.ts';
import { hubAnswer } from '#platform/embedded/server.ts';
import { shippedPlaybook } from '#test/support/shipped-playbook.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { webRequest } from '#test/support/web-request.ts';
import { MONDAY } from './story.ts';

const CREDENTIALS = { sharedSecret: 'shared-secret-of-a-test', writeKey: 'write-key-of-a-test' };

/** A hub that hears a website, on a disk that can be full. */
async function openHubOnDisk() {
  const folder = temporaryFolder();
  const clock = virtualClock(MONDAY);
  const troubles: string[] = [];
  const embedded = openEmbeddedHub({
    folder: folder.path,
    durability: 'process-end',
    playbook: await shippedPlaybook(),
    connectors,
    connections: [{ name: 'web', vendor: 'segment', roles: [], settings: {} }],
    secrets: { credentials: async () => CREDENTIALS, signingKey: async () => 'a-key-of-a-test' },
    mail: { send: async () => {} },
    clock,
    publicUrl: 'https://hub.example.com',
    onTrouble: (_job, error) => troubles.push((error as HubError).code),
  });
  const { sql } = embedded.db;
  const sender = segmentSender({ now: () => clock.now(), ...CREDENTIALS });
  const answer = hubAnswer(() => embedded);
  return {
    embedded,
    clock,
    troubles,
    disk: {
      grows: (may: boolean) => limitPages(sql, may ? MOST_PAGES : count(sql, 'pragma page_count')),
      takes: (may: boolean) => void sql.exec(`pragma query_only = ${may ? 0 : 1}`),
    },
    async hears(index: number, padding = 0): Promise<{ status: number; text: string }> {
      const properties = { email: `lead${index}@acme-works.com`, note: 'x'.repeat(padding) };
      const message = sender.message('track', { event: 'Demo Requested', properties });
      const sent = sender.webhook({ ...message, messageId: `m${index}` });
      const { status, body } = await answer(webRequest('/in/segment/web', sent));
      return { status, text: body };
    },
    works: (minutes: number) =>
      embedded.worker.run(new Date(clock.now().getTime() + minutes * 60_000)),
    failedRuns: () => count(sql, "select count(*) from runs where status = 'FAILED'"),
    people: () => count(sql, "select count(*) from items where type = 'person'"),
    integrity: () =>
      (sql.prepare('pragma integrity_check').all() as { integrity_check: string }[]).map(
        (row) => row.integrity_check,
      ),
    async [Symbol.asyncDispose]() {
      await embedded.close();
      folder[Symbol.dispose]();
    },
  };
}

const MOST_PAGES = 1_000_000;

const limitPages = (sql: Database.Database, pages: number): void => {
  sql.prepare(`pragma max_page_count = ${pages}`).get();
};

const count = (sql: Database.Database, query: string): number =>
  Number(Object.values(sql.prepare(query).get() as object)[0]);

test('a full disk is told to the sender, who sends again when there is room', async () => {
  await using hub = await openHubOnDisk();
  await hub.hears(1);
  hub.disk.grows(false);
  const refused = await hub.hears(2, 60_000);
  expect(refused.status).toBe(503);
  expect(JSON.parse(refused.text)).toEqual({
    error: {
      code: 'store_unwritable',
      message: expect.stringMatching(/^The store can't be written \(.*full.*\): make room on its/),
    },
  });
  expect(hub.integrity()).toEqual(['ok']);

  hub.disk.grows(true);
  expect((await hub.hears(2, 60_000)).status).toBe(200);
  await hub.embedded.worker.run(hub.clock.now());
  expect(hub.people()).toBe(2);
  expect(hub.integrity()).toEqual(['ok']);
});

test.each([
  ['is full', 'grows', []],
  ['takes nothing at all', 'takes', ['store_unwritable']],
] as const)(
  'a hub whose disk %s while it works goes on when that is over',
  async (_, what, told) => {
    await using hub = await openHubOnDisk();
    for (let index = 0; index < 20; index += 1) await hub.hears(index);
    hub.disk[what](false);
    await hub.works(1);
    expect(hub.people()).toBeLessThan(20);
    expect(hub.integrity()).toEqual(['ok']);

    hub.disk[what](true);
    await hub.works(30);
    expect(hub.people()).toBe(20);
    expect(hub.integrity()).toEqual(['ok']);
    expect([...new Set(hub.troubles)]).toEqual(told);
    expect(hub.failedRuns()).toBe(0);
  },
);
