import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Spoken, temporaryFolder } from './command-line.ts';
import { baton } from './one-process.ts';

const PASS = { StartAt: 'A', States: { A: { Type: 'Pass', Result: 1, End: true } } };

const recorded = (id: string, area: string, output: number) =>
  JSON.stringify({
    ...{ id, area, queryLanguage: 'JSONPath', machineType: 'STANDARD' },
    ...{ definition: PASS, input: {}, tasks: {}, callbacks: [] },
    expect: { status: 'SUCCEEDED', output },
  });

describe('baton states test', () => {
  let spoken: Record<'all' | 'one' | 'show' | 'none', Spoken>;
  beforeAll(async () => {
    using folder = temporaryFolder();
    writeFileSync(
      join(folder.path, 'cases.jsonl'),
      [
        recorded('pass-right', 'pass', 1),
        recorded('pass-also', 'pass', 1),
        recorded('wait-wrong', 'wait', 2),
      ].join('\n'),
    );
    const ask = (...words: string[]) => baton(['states', 'test', ...words], folder.path);
    const [all, one, show, none] = await Promise.all([
      ask('cases.jsonl'),
      ask('cases.jsonl', '--only', 'pass', '--json'),
      ask('cases.jsonl', '--show', 'wait-wrong'),
      ask('cases.jsonl', '--only', 'map'),
    ]);
    spoken = { all, one, show, none };
  }, 60_000);

  test('counts by area, shows where a run departs from its recording, and ends on the counts', () => {
    const lines = spoken.all.stdout.trimEnd().split('\n');
    expect(spoken.all.code).toBe(1);
    expect(lines.slice(0, 3)).toEqual([
      'area  passed  failed  skipped',
      'pass  2       0       0',
      'wait  0       1       0',
    ]);
    expect(lines).toContain('failed  wait-wrong');
    expect(lines.slice(-4)).toEqual([
      '    recorded 2',
      '    here     1',
      '',
      '2 passed, 1 failed, 0 skipped',
    ]);
  });

  test('plays one area only, as data', () => {
    expect(spoken.one.code).toBe(0);
    expect(JSON.parse(spoken.one.stdout)).toEqual({
      ...{ passed: 2, failed: 0, skipped: 0, failures: [] },
      areas: [{ area: 'pass', passed: 2, failed: 0, skipped: 0 }],
    });
  });

  test('plays one case only', () => {
    expect(spoken.show.stdout).toContain('output (result)');
    expect(spoken.show.stdout.trimEnd().endsWith('0 passed, 1 failed, 0 skipped')).toBe(true);
  });

  test('an area without cases is an error and not a success', () => {
    expect(spoken.none.code).toBe(1);
    expect(spoken.none.stderr).toContain("No case is of area 'map'");
  });
});
