import { stepKind } from '#workflows/steps/index.ts';
import { FILLED_IN } from '#workflows/steps/operation.ts';
import type { StepKind } from '#workflows/steps/step.ts';
import { type JsonDocument, problemAt } from './json-document.ts';
import type { Path, Problem } from './problem.ts';
import { schemaProblems } from './schema-problems.ts';
import { didYouMean, listed } from './suggest.ts';
import { expressionsIn, isExpression, strayMarks } from './template.ts';
import { type Connectors, kindStep, OperationStep, usable } from './use-step.ts';
import { findOperation } from './variables.ts';
import { AwaitStep, ChooseStep, EndStep } from './workflow.ts';

/** The one key that says what a step is. */
const SHAPES = { use: undefined, choose: ChooseStep, await: AwaitStep, end: EndStep } as const;
type ShapeName = keyof typeof SHAPES;
const SHAPE_NAMES = Object.keys(SHAPES) as ShapeName[];

interface Place {
  readonly document: JsonDocument;
  readonly path: Path;
  readonly connectors: Connectors;
}

type Raw = Readonly<Record<string, unknown>>;

/** What is wrong with one step, taken by itself. */
export function stepProblems(raw: unknown, place: Place): Problem[] {
  const { document, path } = place;
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return [problemAt(document, path, { message: 'must be a step, an object', value: raw })];
  }
  const step = raw as Raw;
  const shapes = SHAPE_NAMES.filter((name) => name in step);
  const [shape, second] = shapes;
  if (shape === undefined) return [shapeless(step, place)];
  if (second !== undefined) {
    const message = `a step is either "${shape}" or "${second}", not both; make it two steps`;
    return [problemAt(document, [...path, second], { message, value: second, atKey: true })];
  }
  const schema = SHAPES[shape];
  if (schema !== undefined) return schemaProblems(document, { schema, path, value: step });
  return useProblems(step, place);
}

/** A step without any of the four keys; one of its keys may be a slip of the pen. */
function shapeless(step: Raw, { document, path }: Place): Problem {
  const message = `a step needs one of ${listed(SHAPE_NAMES)}`;
  for (const key of Object.keys(step)) {
    const suggestion = key === 'id' ? undefined : didYouMean(key, SHAPE_NAMES);
    if (suggestion === undefined) continue;
    return problemAt(document, [...path, key], { message, value: key, suggestion, atKey: true });
  }
  return problemAt(document, path, { message });
}

function useProblems(step: Raw, place: Place): Problem[] {
  const { document, path, connectors } = place;
  const { use } = step;
  const kind = typeof use === 'string' ? stepKind(use) : undefined;
  if (
    kind === undefined ||
    (kind.kind === 'operation' && findOperation(String(use), connectors) === undefined)
  ) {
    return [unknownUse(use, place)];
  }
  const stray = strayMarks(step['with']).map(({ path: inside, text, message }) =>
    problemAt(document, [...path, 'with', ...inside], { message, value: text }),
  );
  const own =
    kind.kind === 'operation' ? operationProblems(step, place) : kindProblems(kind, step, place);
  return [...own, ...stray];
}

function unknownUse(use: unknown, { document, path, connectors }: Place): Problem {
  if (typeof use !== 'string') {
    return problemAt(document, [...path, 'use'], { message: 'must be a text', value: use });
  }
  const dot = use.indexOf('.');
  const vendor = use.slice(0, dot);
  const known = dot > 0 && connectors[vendor] !== undefined;
  const message = known
    ? `${vendor} has no operation "${use.slice(dot + 1)}"`
    : `there is no step kind or operation "${use}"`;
  const suggestion = didYouMean(use, usable(connectors));
  return problemAt(document, [...path, 'use'], { message, value: use, suggestion });
}

function kindProblems(kind: StepKind, step: Raw, { document, path }: Place): Problem[] {
  const value = { with: {}, ...step };
  const expressions = expressionsIn(step['with']).map(({ path: inside }) =>
    problemAt(document, [...path, 'with', ...inside], {
      message: `${kind.kind} takes no expression here, so that the playbook can be checked`,
    }),
  );
  return [...schemaProblems(document, { schema: kindStep(kind), path, value }), ...expressions];
}

function operationProblems(step: Raw, { document, path, connectors }: Place): Problem[] {
  const own = schemaProblems(document, { schema: OperationStep, path, value: step });
  const operation = findOperation(String(step['use']), connectors);
  if (operation === undefined) return own;
  const fields = step['with'] ?? {};
  const except = (at: Path) => isFilledIn(at, fields) || standsForValue(at, fields);
  return [
    ...own,
    ...schemaProblems(document, {
      schema: operation.input,
      path: [...path, 'with'],
      value: fields,
      except,
    }),
  ];
}

const isFilledIn = (at: Path, fields: unknown) =>
  at.length === 1 &&
  (FILLED_IN as readonly unknown[]).includes(at[0]) &&
  !Object.hasOwn(fields as object, String(at[0]));

/** Whether an expression stands at a place or around it: its value is known only at run time. */
function standsForValue(at: Path, fields: unknown): boolean {
  let value = fields;
  for (const part of at) {
    value = (value as Record<string | number, unknown> | undefined)?.[part];
    if (isExpression(value)) return true;
  }
  return false;
}
