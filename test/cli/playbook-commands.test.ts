import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Spoken, temporaryFolder } from './command-line.ts';
import { baton } from './one-process.ts';

const SHIPPED = join(import.meta.dirname, '../../workflows/definitions');

/** Writes something else into a file that must hold what is replaced. */
function change(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replaceAll(from, to));
}

const json = ({ stdout }: Spoken) => JSON.parse(stdout) as Record<string, unknown>;

test('a playbook is planned, tested, applied and rolled back in a store at rest', async () => {
  using folder = temporaryFolder();
  const playbook = join(folder.path, 'mine');
  cpSync(SHIPPED, playbook, { recursive: true });
  const run = (...words: string[]) => baton([...words, '--data', 'store', '--json'], folder.path);
  const ofMine = ['--playbook', 'mine'];

  const first = json(await run('apply', ...ofMine, '--no-tests'));
  expect(first).toMatchObject({ number: 1, changed: true, hub: false });

  change(join(playbook, 'clocks.json'), '15 business minutes', '20 business minutes');
  const planned = json(await run('plan', ...ofMine));
  expect(planned).toMatchObject({ from: first['version'], changed: true });
  expect(planned['changes']).toEqual([
    {
      part: 'clocks',
      what: 'accept, time for hand-raiser: "20 business minutes", was "15 business minutes"',
      concerns: { kind: 'clocks', clock: 'accept' },
      leads: 0,
    },
  ]);

  const second = json(await run('apply', ...ofMine, '--running', 'migrate', '--no-tests'));
  expect(second).toMatchObject({ number: 2, from: first['version'], running: 'migrate' });
  expect(json(await run('rollback'))).toMatchObject({ number: 3, version: first['version'] });
  expect(json(await run('versions'))).toMatchObject([
    { number: 3, running: 'pin', version: first['version'] },
    { number: 2, running: 'migrate', version: second['version'] },
    { number: 1 },
  ]);
}, 120_000);

test('the tests that ship pass, and a playbook whose tests fail is not applied', async () => {
  using folder = temporaryFolder();
  const playbook = join(folder.path, 'mine');
  cpSync(SHIPPED, playbook, { recursive: true });
  change(join(playbook, 'inbound-lead.test.json'), '"standing": "declined"', '"standing": "won"');
  const [shipped, failing, applied] = await Promise.all([
    baton(['test'], folder.path),
    baton(['test', '--playbook', 'mine'], folder.path),
    baton(['apply', '--playbook', 'mine', '--data', 'store'], folder.path),
  ]);
  expect(shipped.code).toBe(0);
  expect(shipped.stdout).toMatch(/^inbound-lead: \d+ of \d+ branches taken \(\d+ %\)$/m);
  expect(failing.code).toBe(1);
  expect(failing.stdout).toContain('expected "won"');
  expect(failing.stdout).toContain('but came "declined"');
  expect(applied.code).toBe(1);
  expect(applied.stdout).toContain('Nothing was applied.');
}, 120_000);
