import * as z from 'zod';
import type { SeenRequest } from './marketo-requests.ts';

interface Schema {
  readonly $ref?: string | undefined;
  readonly type?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly description?: string | undefined;
  readonly items?: Schema | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
}

const Schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    type: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    description: z.string().optional(),
    items: Schema.optional(),
    properties: z.record(z.string(), Schema).optional(),
  }),
);

const Parameter = z.object({
  name: z.string(),
  in: z.enum(['query', 'path', 'body', 'formData', 'header']),
  required: z.boolean().default(false),
  type: z.string().optional(),
  items: Schema.optional(),
  schema: Schema.optional(),
});
type Parameter = z.infer<typeof Parameter>;

const Call = z.object({ parameters: z.array(Parameter).default([]) });

/** What is read of a description of an API in the language of Swagger 2. */
export const Specification = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  definitions: z.record(z.string(), Schema),
});
export type Specification = z.infer<typeof Specification>;

/** What a request has that the specification does not know; none when it is as described. */
export function problemsOf(specification: Specification, request: SeenRequest): string[] {
  const where = `${request.method} ${request.path}`;
  const path = templateOf(specification, request.path);
  const call = path && specification.paths[path]?.[request.method.toLowerCase()];
  if (call === undefined) return [`${where} is not there`];
  const { parameters } = Call.parse(call);
  const body = parameters.find((one) => one.in === 'body')?.schema;
  const problems = [
    ...queryProblems(parameters, request.query),
    ...(request.body === undefined
      ? []
      : bodyProblems(specification, body ?? {}, request.body, 'body')),
  ];
  return problems.map((problem) => `${where}: ${problem}`);
}

/** The path of the specification that a request's path is an instance of, the exact one first. */
function templateOf({ paths }: Specification, path: string): string | undefined {
  const fits = (template: string) =>
    new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '\\d+')}$`).test(path);
  return Object.keys(paths).find((template) => template === path || fits(template));
}

function queryProblems(parameters: readonly Parameter[], query: URLSearchParams): string[] {
  const known = new Map(
    parameters.filter((one) => one.in === 'query').map((one) => [one.name, one]),
  );
  const missing = [...known.values()]
    .filter(({ name, required }) => required && !query.has(name))
    .map(({ name }) => `it lacks ${name}`);
  const wrong = [...query].flatMap(([name, value]) => {
    const parameter = known.get(name);
    if (parameter === undefined) return [`it does not know ${name}`];
    const type = parameter.type === 'array' ? parameter.items?.type : parameter.type;
    const values = parameter.type === 'array' ? value.split(',') : [value];
    return type === 'integer' && !values.every((one) => /^\d+$/.test(one))
      ? [`${name} is no integer`]
      : [];
  });
  return [...missing, ...wrong];
}

/** Members of records that every instance names for itself. */
const OPEN = /additional|any number of other|other fields|'fields'/i;

function bodyProblems(
  specification: Specification,
  given: Schema,
  value: unknown,
  at: string,
): string[] {
  const schema = resolved(specification, given);
  if (Array.isArray(value)) {
    if (schema.type !== 'array') return [`${at} is a list`];
    const items = schema.items ?? {};
    return value.flatMap((one, index) =>
      bodyProblems(specification, items, one, `${at}[${index}]`),
    );
  }
  if (typeof value !== 'object' || value === null) return valueProblems(schema, value, at);
  const { properties = {}, description = '' } = schema;
  return Object.entries(value).flatMap(([name, member]) => {
    const known = properties[name];
    if (known !== undefined) return bodyProblems(specification, known, member, `${at}.${name}`);
    return OPEN.test(description) ? [] : [`it does not know ${at}.${name}`];
  });
}

function resolved({ definitions }: Specification, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (definitions[name] ?? {});
}

function valueProblems({ type, enum: words }: Schema, value: unknown, at: string): string[] {
  if (words !== undefined && !words.includes(value)) return [`${at} is '${value}'`];
  if (type === 'integer') return Number.isInteger(value) ? [] : [`${at} is no integer`];
  // Where the description says "object" for a value of any kind, it means any.
  if (type === undefined || type === 'object') return [];
  return typeof value === type ? [] : [`${at} is no ${type}`];
}
