import { cpus } from 'node:os';
import { Command, Option } from 'commander';
import type { Effort, Figure } from './benchmark.ts';
import { renderFigures } from './measure/report.ts';
import { startChildrenWith } from './processes/child.ts';
import { BENCHMARKS } from './registry.ts';

interface Options {
  readonly only?: readonly string[];
  readonly json?: true;
  readonly quick?: true;
  readonly long?: true;
  readonly profile?: string;
}

const names = BENCHMARKS.map(({ name }) => name);

await new Command('bench')
  .description('Measures the hub, each figure beside a bound that is measured in the same run.')
  .addOption(new Option('--only <name...>', 'only these').choices(names))
  .option('--json', 'print JSON, and nothing else')
  .option('--quick', 'one short sample of each: shows that they run, and no more')
  .option('--long', 'with what takes many minutes: a million persons')
  .option('--profile <folder>', 'write a CPU profile of each process into this folder')
  .action(bench)
  .parseAsync();

async function bench({ only = names, json, quick, long, profile }: Options): Promise<void> {
  const effort: Effort = quick ? 'quick' : long ? 'long' : 'default';
  if (profile !== undefined) startChildrenWith(['--cpu-prof', `--cpu-prof-dir=${profile}`]);
  const results: Record<string, Figure[]> = {};
  for (const { name, summary, run } of BENCHMARKS.filter((one) => only.includes(one.name))) {
    const startedAt = performance.now();
    const figures = await run(effort);
    results[name] = figures;
    if (json) continue;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    console.log(`\n${name}: ${summary} (${seconds} s)\n${renderFigures(figures)}`);
  }
  const machine = { node: process.version, cpus: cpus().length, cpu: cpus()[0]?.model };
  if (json) console.log(JSON.stringify({ at: new Date(), effort, machine, results }, null, 2));
}
