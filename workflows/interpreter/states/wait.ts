import { type Draft, nodeOf, openTimer } from '../draft.ts';
import { queryFailure } from '../failure.ts';
import { inputOutcome } from '../flow.ts';
import { evaluateTyped } from '../jsonata.ts';
import type { WaitNode } from '../machine.ts';
import { wholeNumber } from '../numbers.ts';
import type { Frame } from '../run-state.ts';
import { type Scope, scopeOf } from '../scope.ts';
import { instantOf } from '../timestamps.ts';
import { exitState } from '../transition.ts';

/** Sets the alarm; one that lies in the past rings at once. */
export async function executeWait(draft: Draft, frame: Frame, node: WaitNode): Promise<void> {
  const until = await dueAt(node, scopeOf(draft, frame));
  if (until > draft.env.now) openTimer(draft, frame.id, 'wait', until);
  else await endWait(draft, frame);
}

export async function endWait(draft: Draft, frame: Frame): Promise<void> {
  const node = nodeOf(draft, frame);
  exitState(draft, frame, node, await inputOutcome(node, scopeOf(draft, frame)));
}

async function dueAt(node: WaitNode, scope: Scope): Promise<number> {
  if (node.timestamp !== undefined) return timestampAt(node.timestamp.value, scope);
  const seconds = await wholeNumber(node.seconds, scope, { least: 0 });
  return scope.env.now + (seconds ?? 0) * 1_000;
}

async function timestampAt(template: string, scope: Scope): Promise<number> {
  const text = String(await evaluateTyped(template, 'Timestamp', 'string', scope));
  const instant = instantOf(text);
  if (instant !== undefined) return instant;
  throw queryFailure(
    scope.visit,
    'Timestamp',
    `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`,
    true,
  );
}
