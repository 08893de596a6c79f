import * as z from 'zod';
import type { Connector } from '#connectors/kit/connector.ts';
import { AUTHORED_STEPS } from '#workflows/steps/index.ts';
import type { StepKind } from '#workflows/steps/step.ts';
import { WAIT_VARIABLES } from './variables.ts';
import { common, Id, Next } from './workflow.ts';

export type Connectors = Readonly<Record<string, Connector>>;

const OnError = z.literal('continue').optional().meta({
  description: 'Go on as if the step were not there when it fails; it is tried for seconds only.',
});

const runsOn = { onError: OnError, next: Next };

/** The schema of a step that uses a kind of the registry. */
export function kindStep(kind: StepKind): z.ZodObject {
  const outcomes = Object.values(kind.outcomes ?? {}).map((field) => [field, Id] as const);
  const optional = kind.fields.safeParse({}).success;
  return z
    .strictObject({
      ...common,
      use: z.literal(kind.kind),
      with: optional ? kind.fields.optional() : kind.fields,
      ...(kind.ends === true ? {} : runsOn),
      ...Object.fromEntries(outcomes),
    })
    .meta({ title: kind.kind, description: kind.summary });
}

/** What the compiled run and its other steps call their variables. */
const TAKEN: ReadonlySet<string> = new Set([
  ...AUTHORED_STEPS.map(({ result }) => result),
  ...Object.keys(WAIT_VARIABLES),
  'failure',
  'later',
  'states',
]);

const VARIABLE = /^[a-z][A-Za-z0-9]*$/;

/** What a step that calls an operation may say beside `use` and `with`. */
const operationFields = {
  ...common,
  ...runsOn,
  as: z
    .string()
    .regex(VARIABLE, 'must be a word such as task')
    .refine((name) => !TAKEN.has(name), 'is the name of a variable that the run has already')
    .optional()
    .meta({ description: 'The variable that takes the answer; without it the answer is dropped.' }),
  connection: z.string().optional().meta({
    description: 'The connection to call; the first one of its vendor if left out.',
  }),
};

/** The schema of a step that calls an operation, but for its `with`. */
export const OperationStep = z.strictObject({
  ...operationFields,
  use: z.string(),
  with: z.record(z.string(), z.unknown()).optional(),
});

/** For an editor: an operation step whose `with` has the operation's own fields. */
export function operationStep(use: string, summary: string, input: z.ZodType): z.ZodObject {
  return z
    .strictObject({ ...operationFields, use: z.literal(use), with: input.optional() })
    .meta({ title: use, description: summary });
}

/** Every word that may follow `use`. */
export function usable(connectors: Connectors): string[] {
  return [...AUTHORED_STEPS.map(({ kind }) => kind), ...operationNames(connectors)];
}

/** Every operation there is, as `<vendor>.<operation>`. */
export function operationNames(connectors: Connectors): string[] {
  return Object.entries(connectors).flatMap(([vendor, { operations }]) =>
    Object.keys(operations).map((operation) => `${vendor}.${operation}`),
  );
}
