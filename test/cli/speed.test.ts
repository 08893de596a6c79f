import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { segmentSender } from '#connectors/segment/fake.ts';
import { startBaton, temporaryFolder } from './command-line.ts';
import { CONFIG, JANE_ASKS, SECRETS } from './filled-store.ts';
import { baton } from './one-process.ts';

const DAY_MS = 86_400_000;

test('a hub whose time passes faster keeps news of vendors in step, and goes on with its time', async () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, 'baton.json'), JSON.stringify(CONFIG));
  mkdirSync(join(folder.path, '.baton'));
  writeFileSync(join(folder.path, '.baton/secrets.json'), JSON.stringify(SECRETS));
  const words = ['up', '--port', '0', '--json'];
  const began = Date.now();

  // A second is a day: a ladder of a few working hours has passed before the test has looked twice.
  await using hub = startBaton([...words, '--speed', '86400'], folder.path);
  const [first = ''] = (await hub.says('\n')).split('\n');
  const up = JSON.parse(first) as { url: string; now: string; speed: number };
  expect(up.speed).toBe(86_400);

  // The website says what time it is there, which is real.
  const sender = segmentSender({ now: () => new Date(), ...SECRETS.web });
  const messages = JANE_ASKS.map(([type, fields]) =>
    sender.message(type, fields as Record<string, unknown>),
  );
  const { method, path, headers, body } = sender.tracking(...messages);
  const { status } = await fetch(`${up.url}${path}`, { method, headers, body });
  expect(status).toBe(200);
  await hub.says('handed back');
  hub.process.kill('SIGTERM');
  expect((await hub.ended).code).toBe(0);

  const shown = await baton(['show', 'jane.doe@acme.example', '--json'], folder.path);
  const { timeline } = JSON.parse(shown.stdout) as { timeline: { at: string; kind: string }[] };
  const ats = timeline.map(({ at }) => Date.parse(at));
  // Her news are dated by the hub's clock, and so is what the hub did.
  for (const at of ats) expect(at).toBeGreaterThanOrEqual(Date.parse(up.now) - DAY_MS);
  expect(Math.max(...ats)).toBeGreaterThan(began + DAY_MS / 2);

  const slow = await baton(words, folder.path);
  expect(slow.code).toBe(1);
  expect(slow.stderr).toContain('clock_accelerated');
  expect(slow.stderr).toContain('--speed 86400');

  const wrong = await baton([...words, '--speed', '0'], folder.path);
  expect(wrong.code).toBe(2);
}, 60_000);
