import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { renderFigures } from '../bench/measure/report.ts';
import { figure, percentile } from '../bench/measure/samples.ts';
import { BENCHMARKS } from '../bench/registry.ts';

const run = promisify(execFile);

test('each benchmark has a file of its name', () => {
  const missing = BENCHMARKS.filter(({ name }) => !existsSync(`bench/${name}.ts`));
  expect(missing).toEqual([]);
});

test('a ratio is taken round by round, so that a slow round of both leaves it as it is', () => {
  const { median, bound, aim } = figure({
    what: 'leads',
    unit: '/s',
    samples: [10, 5, 20],
    bound: { what: 'bare', samples: [100, 50, 200] },
    aim: { text: '≥ 1/5', holds: (ratio) => ratio >= 1 / 5 },
  });
  expect(median).toBe(10);
  expect(bound).toEqual({ what: 'bare', median: 100, ratio: 0.1 });
  expect(aim).toEqual({ text: '≥ 1/5', met: false });
});

test('a percentile is a value that was measured', () => {
  const values = Array.from({ length: 200 }, (_, index) => index + 1);
  expect(percentile(values, 0.5)).toBe(100);
  expect(percentile(values, 0.99)).toBe(198);
  expect(percentile([7], 0.99)).toBe(7);
});

test('a small share is printed as a fraction, a large figure without decimals', () => {
  const samples = [1234.5];
  const bound = { what: 'bare', samples: [5000] };
  const table = renderFigures([figure({ what: 'leads', unit: '/s', samples, bound })]);
  expect(table).toContain('1,235');
  expect(table).toContain('5,000 (bare)');
  expect(table).toContain('1/4.05');
});

test('--only and --json print what a program reads', async () => {
  const words = ['--import', 'tsx', 'bench/main.ts', '--only', 'transitions', '--quick', '--json'];
  const { stdout } = await run(process.execPath, words);
  const { effort, results } = JSON.parse(stdout) as {
    effort: string;
    results: Record<string, { unit: string; median: number; bound: { ratio: number } }[]>;
  };
  expect(effort).toBe('quick');
  expect(Object.keys(results)).toEqual(['transitions']);
  for (const { unit, median, bound } of results['transitions'] ?? []) {
    expect(unit).toBe('µs');
    expect(median).toBeGreaterThan(0);
    expect(bound.ratio).toBeGreaterThan(0);
  }
  expect(results['transitions']).toHaveLength(2);
}, 30_000);
