import { agree } from './agree.ts';
import { brief } from './brief.ts';
import { climb, openClock } from './clock.ts';
import { decline } from './decline.ts';
import { enrich } from './enrich.ts';
import { handBack } from './hand-back.ts';
import { handOff } from './hand-off.ts';
import { matchAccount } from './match-account.ts';
import { operation } from './operation.ts';
import { reassign } from './reassign.ts';
import { route } from './route.ts';
import { score } from './score.ts';
import type { StepKind } from './step.ts';

/** Every step kind there is. The language, the compiler, the schemas and the docs follow from it. */
export const steps = {
  enrich,
  'match-account': matchAccount,
  score,
  agree,
  route,
  brief,
  'hand-off': handOff,
  reassign,
  'hand-back': handBack,
  decline,
  'open-clock': openClock,
  climb,
  operation,
} as const satisfies Record<string, StepKind>;

export type StepName = keyof typeof steps;

/** The kinds that a playbook may name after `use`. */
export const AUTHORED_STEPS: readonly StepKind[] = Object.values<StepKind>(steps).filter(
  (kind) => kind.internal === undefined,
);

/** The kind behind a `use`: one of the registry, or an operation where the name has a dot. */
export function stepKind(use: string): StepKind | undefined {
  if (use.includes('.')) return operation;
  return AUTHORED_STEPS.find((kind) => kind.kind === use);
}
