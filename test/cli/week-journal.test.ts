import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { baton, temporaryFolder } from './command-line.ts';

/** Plays a few days in a process of its own; answers its report and its journal. */
async function play(folder: string, seed: string, leads: number, name: string) {
  const file = join(folder, name);
  const words = ['--seed', seed, '--leads', String(leads), '--days', '2', '--journal', file];
  const { code, stdout } = await baton(['week', '--json', ...words], folder);
  expect(code).toBe(0);
  const { wallMs: _, ...report } = JSON.parse(stdout) as Record<string, unknown>;
  return { report, journal: readFileSync(file, 'utf8') };
}

test('the same seed gives the same journal in two processes, byte for byte, and another one another', async () => {
  using folder = temporaryFolder();
  const [first, second, other] = await Promise.all([
    play(folder.path, '5', 4, 'first.ndjson'),
    play(folder.path, '5', 4, 'second.ndjson'),
    play(folder.path, '6', 1, 'other.ndjson'),
  ]);
  expect(second.report).toEqual(first.report);
  expect(second.journal === first.journal).toBe(true);
  expect(first.report).toMatchObject({
    unaccounted: 0,
    journal: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  });
  expect(other.report['journal']).not.toBe(first.report['journal']);
  // Every table has its lines, and each line is JSON.
  const tables = first.journal
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).table);
  for (const table of ['items', 'jobs', 'runs', 'history']) expect(tables).toContain(table);
  // Make-believe vendors and the hub itself live on other ports each time.
  expect(first.journal).not.toContain('127.0.0.1');
}, 60_000);
