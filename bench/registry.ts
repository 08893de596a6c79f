import { acknowledgement } from './acknowledgement.ts';
import type { Benchmark } from './benchmark.ts';
import { bundles } from './bundles.ts';
import { growth } from './growth.ts';
import { leads } from './leads.ts';
import { rules } from './rules.ts';
import { startUp } from './start-up.ts';
import { transitions } from './transitions.ts';
import { waiting } from './waiting.ts';

/** Every benchmark, in the order in which a run goes through them. */
export const BENCHMARKS: readonly Benchmark[] = [
  acknowledgement,
  leads,
  transitions,
  rules,
  growth,
  waiting,
  startUp,
  bundles,
];
