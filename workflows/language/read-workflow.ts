import * as z from 'zod';
import { checkConditions } from './check-conditions.ts';
import { checkFlow, checkTargets } from './check-flow.ts';
import { checkReferences, type Names } from './check-references.ts';
import { type JsonDocument, problemAt } from './json-document.ts';
import type { Problem } from './problem.ts';
import { stepProblems } from './read-step.ts';
import { schemaProblems } from './schema-problems.ts';
import type { Connectors } from './use-step.ts';
import { FAILED, head, type Workflow } from './workflow.ts';

/** A workflow document before its steps are looked at. */
const Frame = z.strictObject({ ...head, steps: z.array(z.unknown()).min(1) });

/**
 * Everything wrong with one workflow document. What is asked of the whole (its ways, its
 * variables) is asked only where every step can be read by itself, so that one slip is one problem.
 */
export function workflowProblems(
  document: JsonDocument,
  options: { connectors: Connectors; names: Names },
): Problem[] {
  const { connectors, names } = options;
  const frame = schemaProblems(document, { schema: Frame, path: [], value: document.value });
  const { steps: rawSteps } = (document.value ?? {}) as { steps?: unknown };
  const steps = Array.isArray(rawSteps) ? rawSteps : [];
  const single = steps.flatMap((raw, index) =>
    stepProblems(raw, { document, path: ['steps', index], connectors }),
  );
  const readable = [...frame, ...single].every(({ path }) => INSIDE_WITH.test(path));
  if (!readable) return [...frame, ...single];

  const workflow = document.value as Workflow;
  const targets = [...checkName(document, workflow), ...checkTargets(document, workflow)];
  const flow = targets.length === 0 ? checkFlow(document, workflow) : [];
  return [
    ...single,
    ...targets,
    ...flow,
    ...checkReferences(document, workflow, names),
    ...checkConditions(document, workflow, { connectors, flowIsSound: targets.length === 0 }),
  ];
}

const INSIDE_WITH = /^steps\[\d+\]\.with($|[.[])/;

/** A workflow is found by the name of its file, and its steps may not be called like our states. */
function checkName(document: JsonDocument, workflow: Workflow): Problem[] {
  const expected = document.file.replace(/^.*\//, '').replace(/\.json$/, '');
  const reserved = workflow.steps.flatMap(({ id }, index) =>
    id === FAILED
      ? [
          problemAt(document, ['steps', index, 'id'], {
            message: `no step may be called "${id}"`,
            value: id,
          }),
        ]
      : [],
  );
  if (workflow.id === expected) return reserved;
  const message = `must be called like its file, "${expected}"`;
  return [problemAt(document, ['id'], { message, value: workflow.id }), ...reserved];
}
