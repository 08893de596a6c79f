import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderProblems } from '#cli/commands/check.ts';
import { plain } from '#cli/terminal.ts';
import { type Spoken, temporaryFolder } from './command-line.ts';
import { baton } from './one-process.ts';

const SHIPPED = join(import.meta.dirname, '../../workflows/definitions');

describe('baton check', () => {
  let spoken: Record<'shipped' | 'bad' | 'badJson' | 'missing', Spoken>;
  beforeAll(async () => {
    using folder = temporaryFolder();
    cpSync(SHIPPED, join(folder.path, 'bad'), { recursive: true });
    misspell(
      join(folder.path, 'bad/inbound-lead.json'),
      '"policy": "inbound"',
      '"policy": "inbuond"',
    );
    misspell(
      join(folder.path, 'bad/clocks.json'),
      '"15 business minutes"',
      '"15 buisness minutes"',
    );
    const [shipped, bad, badJson, missing] = await Promise.all([
      baton(['check'], folder.path),
      baton(['check', '--playbook', 'bad'], folder.path),
      baton(['check', '--playbook', 'bad', '--json'], folder.path),
      baton(['check', '--playbook', 'nowhere'], folder.path),
    ]);
    spoken = { shipped, bad, badJson, missing };
  }, 60_000);

  test('the playbook that ships is fine, from whatever folder it is checked', () => {
    expect(spoken.shipped.code).toBe(0);
    expect(spoken.shipped.stdout).toContain('The playbook is fine');
    expect(spoken.shipped.stdout).toMatch(/^version +[0-9a-f]{20}$/m);
    expect(spoken.shipped.stdout).toMatch(/^workflow +inbound-lead: \d+ steps, on lead.captured/m);
    expect(spoken.shipped.stdout).toMatch(/^agreement +\d+ clauses \(/m);
    expect(spoken.shipped.stdout).toMatch(/^targets +\d+ accounts, \d+ goals?, proposed by/m);
    expect(spoken.shipped.stdout).toMatch(/^people +8 salespeople, 2 managers$/m);
  });

  test('every problem of every file is named with its place, its value and a guess', () => {
    const { code, stdout } = spoken.bad;
    const { line, column } = placeOf('inbound-lead.json', '"inbound" } }');
    expect(code).toBe(1);
    expect(stdout).toContain(`bad/inbound-lead.json:${line}:${column}`);
    expect(stdout).toContain('found "inbuond"');
    expect(stdout).toContain('did you mean "inbound"?');
    const clock = placeOf('clocks.json', '"15 business minutes"');
    expect(stdout).toContain(`bad/clocks.json:${clock.line}:${clock.column}`);
    expect(stdout).toContain('buisness');
    expect(stdout).toContain('2 problems; a hub does not start with this playbook.');
  });

  test('with --json the problems are data', () => {
    expect(spoken.badJson.code).toBe(1);
    expect(spoken.badJson.stderr).toBe('');
    const { problems } = JSON.parse(spoken.badJson.stdout) as { problems: object[] };
    expect(problems).toEqual([
      expect.objectContaining({ file: 'clocks.json' }),
      expect.objectContaining({
        file: 'inbound-lead.json',
        value: 'inbuond',
        suggestion: 'inbound',
      }),
    ]);
  });

  test('a folder that is not there is named, with the option to mend it', () => {
    expect(spoken.missing.code).toBe(1);
    expect(spoken.missing.stderr).toContain('There is no playbook in nowhere');
    expect(spoken.missing.stderr).toContain('--playbook');
    expect(spoken.missing.stderr).toContain('code: playbook_missing');
  });
});

test('a long value is cut, and a problem without a value has no line for it', () => {
  const at = { file: 'tracks.json', line: 3, column: 7, path: 'tracks[0]' };
  const text = renderProblems(
    '/playbook',
    [
      { ...at, message: 'is too long', value: 'x'.repeat(200) },
      { ...at, path: '', message: 'is missing' },
    ],
    plain,
  );
  const lines = text.split('\n');
  expect(lines[0]).toBe('/playbook/tracks.json:3:7  tracks[0]');
  expect(lines[2]).toMatch(/^ {2}found "x+…$/);
  expect(lines[2]?.length).toBeLessThanOrEqual(80);
  expect(lines.slice(4)).toEqual([
    '/playbook/tracks.json:3:7',
    '  is missing',
    '',
    '2 problems; a hub does not start with this playbook.',
  ]);
});

function misspell(file: string, right: string, wrong: string): void {
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(right);
  writeFileSync(file, text.replace(right, wrong));
}

function placeOf(file: string, text: string): { line: number; column: number } {
  const before = readFileSync(join(SHIPPED, file), 'utf8').split(text)[0] ?? '';
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}
