import { readFileSync } from 'node:fs';
import { connectors } from '#connectors/index.ts';
import { applyEvent } from '#core/intake/apply-event.ts';
import { handoffKey } from '#core/records/handoff.ts';
import { applications, bringIntoForce, inForce } from '#core/versions/versions.ts';
import { virtualClock } from '#platform/embedded/clock.ts';
import { type EmbeddedHub, openEmbeddedHub } from '#platform/embedded/hub.ts';
import { demoRequest } from '#test/support/lead-events.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { playbookFiles, playbookOf } from '#workflows/language/load-playbook.ts';

const SHIPPED = 'workflows/definitions';
type Texts = Readonly<Record<string, string>>;
const readTexts = (files: Texts) => playbookOf(files, { connectors }, 'of the test');

const MORNING = new Date('2026-12-07T09:00:00.000Z');
const changed = (files: Texts, file: string, from: string, to: string): Texts => ({
  ...files,
  [file]: (files[file] ?? '').replace(from, to),
});

/** A hub that can be killed and opened again by what is in force in its store. */
async function openWorld() {
  const folder = temporaryFolder();
  const first = await playbookFiles(SHIPPED);
  const clock = virtualClock(MORNING);
  const open = async (files: Texts): Promise<EmbeddedHub> =>
    openEmbeddedHub({
      ...{ folder: folder.path, clock, connectors: {}, connections: [], readTexts },
      playbook: await readTexts(files),
      durability: 'process-end',
      secrets: { credentials: async () => ({}), signingKey: async () => 'key' },
      mail: { send: async () => {} },
      publicUrl: 'https://hub.example',
    });
  const embedded = await open(first);
  await embedded.apply({ files: first, by: 'kim', running: 'pin', clocks: 'keep' });
  return {
    clock,
    first,
    open,
    embedded,
    async lead(hub: EmbeddedHub) {
      await applyEvent(hub.hub, demoRequest(clock.now().toISOString()));
      await hub.worker.run(clock.now());
    },
    async [Symbol.asyncDispose]() {
      folder[Symbol.dispose]();
    },
  };
}

const deadlineIn = ({ db }: EmbeddedHub): string => {
  const row = db.sql.prepare("select data from items where type = 'handoff'").get();
  const { clocks } = JSON.parse((row as { data: string }).data) as {
    clocks: { deadline: string }[];
  };
  return clocks[0]?.deadline ?? '';
};
const tighter = (files: Texts) =>
  changed(files, 'clocks.json', '15 business minutes', '10 business minutes');
const rules = { by: 'kim', running: 'pin', clocks: 'earlier' } as const;

test('a hub that works takes another playbook, and its clocks follow the rule', async () => {
  await using world = await openWorld();
  const { embedded } = world;
  await world.lead(embedded);
  expect(deadlineIn(embedded)).toBe('2026-12-07T09:15:00.000Z');
  const before = embedded.hub.playbook.version;
  const applied = await embedded.apply({ ...rules, files: tighter(world.first) });
  expect(applied).toMatchObject({ changed: true, clocksMoved: 1, inForce: { from: before } });
  expect(embedded.hub.playbook.version).toBe(applied.inForce.version);
  expect(deadlineIn(embedded)).toBe('2026-12-07T09:10:00.000Z');
  await embedded.worker.run(new Date('2026-12-07T09:11:00.000Z'));
  const row = embedded.db.sql.prepare("select data from items where type = 'handoff'").get();
  expect(JSON.stringify(row)).toContain('breachedAt');
  await embedded.close();
});

test('a hub that dies once the version is written moves the clocks at its next start', async () => {
  await using world = await openWorld();
  await world.lead(world.embedded);
  const files = tighter(world.first);
  const { version } = await readTexts(files);
  await bringIntoForce(world.embedded.hub, { ...rules, files, version });
  await world.embedded.close();

  const again = await world.open(files);
  expect(await again.finishApplying()).toBe(1);
  expect(await again.finishApplying()).toBe(0);
  expect(deadlineIn(again)).toBe('2026-12-07T09:10:00.000Z');
  expect(await inForce(again.hub.records)).toMatchObject({ version, clocksMoved: true });
  await again.close();
});

test('a playbook with problems changes nothing', async () => {
  await using world = await openWorld();
  const { embedded } = world;
  const before = embedded.hub.playbook;
  const files = { ...world.first, 'clocks.json': '{}' };
  await expect(embedded.apply({ ...rules, files })).rejects.toMatchObject({
    code: 'playbook_invalid',
  });
  expect(embedded.hub.playbook).toBe(before);
  expect(await applications(embedded.hub.records)).toHaveLength(1);
  await embedded.close();
});

test('what a pinned run looks up is what its own version says, and who works is what is so now', async () => {
  await using world = await openWorld();
  await world.lead(world.embedded);
  const files = changed(
    changed(world.first, 'clocks.json', '"30 business minutes"', '"90 business minutes"'),
    'people.json',
    '"Anna Keller"',
    '"Anna Meyer"',
  );
  await world.embedded.apply({ ...rules, clocks: 'keep', files });
  await world.embedded.close();

  const again = await world.open(files);
  const handoff = again.db.sql
    .prepare("select pk, sk, data from items where type = 'handoff'")
    .get();
  const { owner, id } = JSON.parse((handoff as { data: string }).data) as {
    owner: string;
    id: string;
  };
  await applyEvent(again.hub, {
    ...demoRequest(world.clock.now().toISOString()),
    id: 'evt_accepted',
    sourceId: 'accepted',
    type: 'handoff.accepted',
    subject: { handoffId: `${id}.0`, email: 'ada.lovelace@analytical-engines.com' },
    by: { email: owner },
    via: 'crm',
  } as never);
  await again.worker.run(world.clock.now());
  const item = await again.hub.records.get(handoffKey(id));
  const { clocks } = (item?.data ?? {}) as { clocks: { clock: string; deadline: string }[] };
  expect(clocks.find(({ clock }) => clock === 'first-touch')?.deadline).toBe(
    '2026-12-07T09:30:00.000Z',
  );
  await again.close();
});

test('the tests that ship are no part of the version', async () => {
  const files = await playbookFiles(SHIPPED);
  const { 'inbound-lead.test.json': tests, ...rest } = files;
  expect(tests).toBe(readFileSync(`${SHIPPED}/inbound-lead.test.json`, 'utf8'));
  expect((await readTexts(files)).version).toBe((await readTexts(rest)).version);
});
