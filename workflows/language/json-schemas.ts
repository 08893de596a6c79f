import * as z from 'zod';
import { AUTHORED_STEPS } from '#workflows/steps/index.ts';
import { FILLED_IN } from '#workflows/steps/operation.ts';
import { WorkflowTests } from '#workflows/trial/tests-file.ts';
import { FOLDERS, SINGLE_FILES } from './playbook-files.ts';
import { type Connectors, kindStep, operationNames, operationStep } from './use-step.ts';
import { findOperation } from './variables.ts';
import { AwaitStep, ChooseStep, EndStep, head } from './workflow.ts';

type Json = Record<string, unknown>;

/** The JSON schemas that editors complete a playbook from, by the names of their files. */
export function jsonSchemas(connectors: Connectors): Record<string, Json> {
  const parts = [
    ...Object.entries(SINGLE_FILES).map(([file, { schema }]) => [file, schema] as const),
    ...Object.entries(FOLDERS).map(([folder, schema]) => [`${folder}.json`, schema] as const),
  ];
  return {
    'workflow.schema.json': workflowSchema(connectors),
    'test.schema.json': toJson(WorkflowTests),
    ...Object.fromEntries(
      parts.map(([file, schema]) => [
        file.replace('.json', '.schema.json'),
        withPointer(toJson(schema)),
      ]),
    ),
  };
}

function workflowSchema(connectors: Connectors): Json {
  const kinds = AUTHORED_STEPS.map((kind) => toJson(kindStep(kind)));
  const operations = operationNames(connectors).flatMap((use) => {
    const operation = findOperation(use, connectors);
    if (operation === undefined) return [];
    return [withExpressions(toJson(operationStep(use, operation.summary, operation.input)))];
  });
  const shapes = [ChooseStep, AwaitStep, EndStep].map(toJson);
  const frame = toJson(z.strictObject({ ...head, steps: z.array(z.unknown()).min(1) }));
  const steps = {
    type: 'array',
    minItems: 1,
    items: { anyOf: [...kinds, ...shapes, ...operations] },
  };
  return {
    ...frame,
    title: 'Baton workflow',
    properties: { ...(frame['properties'] as Json), steps },
  };
}

function toJson(schema: z.ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return json;
}

/** Lets a document that is a map of things by id point at its schema as well. */
function withPointer(json: Json): Json {
  const properties = { $schema: { type: 'string' }, ...(json['properties'] as Json | undefined) };
  const { propertyNames: _, ...rest } = json;
  return { ...rest, properties };
}

const EXPRESSION = { type: 'string', pattern: '^\\{%.*%\\}$' };

/** Every field of an operation's `with` may be an expression, and what the step fills in left out. */
function withExpressions(step: Json): Json {
  const { with: input, ...others } = step['properties'] as Record<string, Json>;
  const fields = Object.entries((input?.['properties'] ?? {}) as Json).map(([name, field]) => [
    name,
    { anyOf: [field, EXPRESSION] },
  ]);
  const required = ((input?.['required'] ?? []) as string[]).filter(
    (name) => !(FILLED_IN as readonly string[]).includes(name),
  );
  const open = { ...input, properties: Object.fromEntries(fields), required };
  return { ...step, properties: { ...others, with: open } };
}

/** The text of a schema's file. */
export const schemaText = (schema: Json) =>
  `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema }, null, 2)}\n`;
