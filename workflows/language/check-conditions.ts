import * as z from 'zod';
import { CanonicalEvent, type EventType } from '#core/events.ts';
import { stepKind } from '#workflows/steps/index.ts';
import { TriggerPerson } from '#workflows/trigger.ts';
import { checkExpression, type Scope } from './check-expression.ts';
import { assignedAt } from './dataflow.ts';
import { RUN_FUNCTIONS, TRIGGER_FUNCTIONS } from './functions.ts';
import { type Finding, type JsonDocument, problemAt } from './json-document.ts';
import type { Path, Problem } from './problem.ts';
import { type Shape, shapeOf } from './shape.ts';
import { expressionsIn } from './template.ts';
import type { Connectors } from './use-step.ts';
import { variablesOf } from './variables.ts';
import type { Step, Workflow } from './workflow.ts';

/** Checks every JSONata expression of a workflow: its trigger's, its choices', its operations'. */
export function checkConditions(
  document: JsonDocument,
  workflow: Workflow,
  options: { connectors: Connectors; flowIsSound: boolean },
): Problem[] {
  const assigned = options.flowIsSound ? assignedAt(workflow) : undefined;
  const variables = new Map(
    [...variablesOf(workflow, options.connectors)].map(([name, schema]) => [name, shapeOf(schema)]),
  );
  const inSteps = workflow.steps.flatMap((step, index) => {
    const scope = { variables, assigned: assigned?.get(step.id), functions: RUN_FUNCTIONS };
    return conditionsOf(step).flatMap(({ path, source, decides, from }) =>
      checkExpression(source, { ...scope, decides }).map((finding) =>
        problemAt(document, ['steps', index, ...path], shifted(finding, from)),
      ),
    );
  });
  return [...checkTrigger(document, workflow), ...inSteps];
}

function checkTrigger(document: JsonDocument, { trigger }: Workflow): Problem[] {
  if (trigger.when === undefined) return [];
  const scope: Scope = {
    variables: new Map(),
    input: triggerInput(trigger.on),
    functions: TRIGGER_FUNCTIONS,
    decides: true,
  };
  return checkExpression(trigger.when, scope).map((finding) =>
    problemAt(document, ['trigger', 'when'], finding),
  );
}

/** What a trigger's condition may read: the person, and whichever of its events it was. */
function triggerInput(types: readonly EventType[]): Shape {
  const events = CanonicalEvent.options.filter((option) => types.includes(option.shape.type.value));
  return shapeOf(z.strictObject({ person: TriggerPerson, event: z.union(events) }));
}

interface Located {
  readonly path: Path;
  readonly source: string;
  readonly decides: boolean;
  /** Where in the text of the field the expression starts. */
  readonly from: number;
}

function conditionsOf(step: Step): Located[] {
  if ('choose' in step) {
    return step.choose.map(({ when }, index) => ({
      path: ['choose', index, 'when'],
      source: when,
      decides: true,
      from: 0,
    }));
  }
  if (!('use' in step) || stepKind(step.use)?.kind !== 'operation') return [];
  return expressionsIn(step.with ?? {}).map((found) => ({
    ...found,
    path: ['with', ...found.path],
    decides: false,
  }));
}

const shifted = (finding: Finding, from: number): Finding => ({
  ...finding,
  index: (finding.index ?? 0) + from,
});
