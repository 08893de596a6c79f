import { openClock } from '#workflows/steps/clock.ts';
import { AUTHORED_STEPS, stepKind } from '#workflows/steps/index.ts';
import { assignedAt } from './dataflow.ts';
import { type Edge, edges, endsRun, successor } from './flow.ts';
import { type JsonDocument, problemAt } from './json-document.ts';
import type { Path, Problem } from './problem.ts';
import { didYouMean, listed } from './suggest.ts';
import type { Step, Workflow } from './workflow.ts';

/** Step ids that are written twice, and names of steps that are not there. */
export function checkTargets(document: JsonDocument, workflow: Workflow): Problem[] {
  const ids = workflow.steps.map(({ id }) => id);
  const at = (path: Path, message: string, value: string, suggestion?: string) =>
    problemAt(document, ['steps', ...path], { message, value, suggestion });
  const repeated = ids.flatMap((id, index) =>
    ids.indexOf(id) < index ? [at([index, 'id'], `the step id "${id}" is used twice`, id)] : [],
  );
  const unknown = everyEdge(workflow).flatMap(({ index, edge }) => {
    if (edge.field === undefined || ids.includes(edge.to)) return [];
    const message = `there is no step "${edge.to}" in this workflow`;
    return [at([index, ...edge.field], message, edge.to, didYouMean(edge.to, ids))];
  });
  return [...repeated, ...unique(unknown)];
}

/** `onReject` left out leads where `onBreach` does; one wrong name is one problem. */
const unique = (problems: Problem[]) =>
  problems.filter(
    ({ path }, index) => problems.findIndex((problem) => problem.path === path) === index,
  );

/** What is wrong with the ways through a workflow whose step names are sound. */
export function checkFlow(document: JsonDocument, workflow: Workflow): Problem[] {
  const at = (index: number, field: Path, message: string, value?: unknown) =>
    problemAt(document, ['steps', index, ...field], { message, value });
  return [
    ...lastSteps(workflow).map((index) =>
      at(
        index,
        ['id'],
        `"${idAt(workflow, index)}" is the last step and says no next; end the run there`,
      ),
    ),
    ...unreachable(workflow).map((index) =>
      at(
        index,
        ['id'],
        `no way leads to the step "${idAt(workflow, index)}"`,
        idAt(workflow, index),
      ),
    ),
    ...endless(workflow).map((index) =>
      at(
        index,
        ['id'],
        `no way leads from "${idAt(workflow, index)}" to an end`,
        idAt(workflow, index),
      ),
    ),
    ...unbounded(workflow).map((index) =>
      at(
        index,
        ['id'],
        `"${idAt(workflow, index)}" can be passed for ever; a way back needs a bounded step (reassign) or a wait that was met`,
        idAt(workflow, index),
      ),
    ),
    ...unmet(document, workflow),
  ];
}

const idAt = (workflow: Workflow, index: number) => workflow.steps[index]?.id ?? '';

function everyEdge(workflow: Workflow): { index: number; edge: Edge }[] {
  return workflow.steps.flatMap((_, index) =>
    edges(workflow, index).map((edge) => ({ index, edge })),
  );
}

/** Steps that run past the end of the document. */
function lastSteps(workflow: Workflow): number[] {
  return indexesOf(
    workflow,
    (step, index) => !endsRun(step) && successor(workflow, index) === undefined,
  );
}

function unreachable(workflow: Workflow): number[] {
  const reached = closure([workflow.steps[0]?.id ?? ''], everyEdgeById(workflow));
  return indexesOf(workflow, ({ id }) => !reached.has(id));
}

/** The first step that a run can enter but never end from; the others around it say the same. */
function endless(workflow: Workflow): number[] {
  const backwards = everyEdgeById(workflow).map(({ from, to }) => ({ from: to, to: from }));
  const ends = workflow.steps.filter(
    (step, index) => endsRun(step) || successor(workflow, index) === undefined,
  );
  const ending = closure(
    ends.map(({ id }) => id),
    backwards,
  );
  return indexesOf(workflow, ({ id }) => !ending.has(id)).slice(0, 1);
}

/**
 * Steps on a way back to themselves that nothing bounds: neither a step with a bound of its own
 * nor a wait that somebody has to meet. A breach bounds nothing, since it comes by itself.
 */
function unbounded(workflow: Workflow): number[] {
  const free = everyEdge(workflow)
    .filter(({ index, edge }) => !bounds(workflow.steps[index], edge))
    .map(({ index, edge }) => ({ from: idAt(workflow, index), to: edge.to }));
  const looping = indexesOf(workflow, ({ id }) => {
    const next = free.filter(({ from }) => from === id).map(({ to }) => to);
    return closure(next, free).has(id);
  });
  return looping.slice(0, 1);
}

function bounds(step: Step | undefined, edge: Edge): boolean {
  if (step === undefined || 'await' in step) return edge.kind === 'straight';
  return 'use' in step && stepKind(step.use)?.outcomes !== undefined;
}

/** Steps that read what no step before them has surely set; one problem a variable is enough. */
function unmet(document: JsonDocument, workflow: Workflow): Problem[] {
  const assigned = assignedAt(workflow);
  const told = new Set<string>();
  const isFirst = (name: string) => !told.has(name) && told.add(name).has(name);
  return workflow.steps.flatMap((step, index) => {
    const set = assigned.get(step.id);
    const { needs, field } = needsOf(step);
    if (set === undefined) return [];
    return needs
      .filter((name) => !set.has(name) && isFirst(name))
      .map((name) =>
        problemAt(document, ['steps', index, field], {
          message: `needs $${name}, which ${setters(name)} must have set on every way to this step`,
          value: (step as unknown as Record<string, unknown>)[field],
        }),
      );
  });
}

function needsOf(step: Step): { needs: readonly string[]; field: string } {
  if ('await' in step) return { needs: openClock.needs, field: 'await' };
  if ('use' in step) return { needs: stepKind(step.use)?.needs ?? [], field: 'use' };
  return { needs: [], field: 'id' };
}

/** The kinds of step that set a variable, for the message that one is missing. */
const setters = (variable: string) =>
  listed(AUTHORED_STEPS.filter(({ result }) => result === variable).map(({ kind }) => kind));

interface Way {
  readonly from: string;
  readonly to: string;
}

const everyEdgeById = (workflow: Workflow): Way[] =>
  everyEdge(workflow).map(({ index, edge }) => ({ from: idAt(workflow, index), to: edge.to }));

/** Everything that can be reached from some steps, themselves included. */
function closure(start: readonly string[], ways: readonly Way[]): Set<string> {
  const reached = new Set(start);
  for (const id of reached) {
    for (const { from, to } of ways) if (from === id) reached.add(to);
  }
  return reached;
}

function indexesOf(workflow: Workflow, holds: (step: Step, index: number) => boolean): number[] {
  return workflow.steps.flatMap((step, index) => (holds(step, index) ? [index] : []));
}
