import { join } from 'node:path';
import { playbookTexts, readTexts } from '#cli/playbook.ts';
import { playbookUsed } from '#cli/versions/playbook-used.ts';
import { bringIntoForce } from '#core/versions/versions.ts';
import { openStore } from '#test/support/embedded-store.ts';

const SHIPPED = join(import.meta.dirname, '../../workflows/definitions');

/** A store in which a playbook is in force that the folder no longer says. */
async function inForce() {
  const store = openStore();
  const texts = await playbookTexts(SHIPPED);
  const files = {
    ...texts,
    'clocks.json': (texts['clocks.json'] ?? '').replace(
      '15 business minutes',
      '20 business minutes',
    ),
  };
  const { version } = await readTexts(files);
  const hub = { records: store.records, now: store.now };
  await bringIntoForce(hub, { version, files, by: 'ops', running: 'pin', clocks: 'keep' });
  return { store, version, [Symbol.dispose]: store.dispose };
}

test('a command goes by the version in force, as the hub does', async () => {
  using world = await inForce();
  const used = await playbookUsed({ data: world.store.folder });
  expect(used).toMatchObject({ from: 'in-force', playbook: { version: world.version } });
  expect(used.where).toBe(`${world.version}, in force since 2026-12-07`);
  expect(used.playbook.clocks['accept']?.by['hand-raiser']).toBe('20 business minutes');
});

test('a folder that was asked for stands above it', async () => {
  using world = await inForce();
  const used = await playbookUsed({ data: world.store.folder, playbook: SHIPPED });
  expect(used.from).toBe('folder');
  expect(used.playbook.version).not.toBe(world.version);
});

test('where nothing is in force it is the folder, and that is said', async () => {
  using store = openStore();
  const used = await playbookUsed({ data: store.folder });
  expect(used.where).toMatch(/^[0-9a-f]{20}, of the folder .*definitions$/);
});
