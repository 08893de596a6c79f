import * as z from 'zod';

/** What of JSON Schema the schemas of connectors come to. */
interface Shape {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly allOf?: readonly Shape[];
}

/** The fields of a schema as Markdown tables, one for each alternative; absent: it has none. */
export function schemaTables(schema: z.ZodType, io: 'input' | 'output'): string | undefined {
  const shape = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Shape;
  const tables = alternatives(shape).flatMap((one) => fieldTable(one, io) ?? []);
  return tables.length === 0 ? undefined : tables.join('\n\nor\n\n');
}

/** The names of a schema's fields, of every alternative where there are some. */
export function fieldNames(schema: z.ZodType): string[] {
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;
  const names = alternatives(shape).flatMap(({ properties = {} }) => Object.keys(properties));
  return [...new Set(names)];
}

const alternatives = (shape: Shape): readonly Shape[] =>
  (shape.anyOf ?? shape.oneOf)?.flatMap(alternatives) ?? [shape];

function fieldTable(
  { properties = {}, required = [] }: Shape,
  io: 'input' | 'output',
): string | undefined {
  const rows = Object.entries(properties).map(([name, field]) => [
    `\`${name}\``,
    typeOf(field),
    need(field, required.includes(name), io),
    field.description ?? '',
  ]);
  const described = rows.some(([, , , description]) => description !== '');
  const columns = described ? 4 : 3;
  if (rows.length === 0) return undefined;
  const head = ['field', 'type', io === 'input' ? 'default' : 'there', 'meaning'];
  return markdownTable([head, ...rows].map((row) => row.slice(0, columns)));
}

function need(field: Shape, isRequired: boolean, io: 'input' | 'output'): string {
  if (field.default !== undefined) return `\`${JSON.stringify(field.default)}\``;
  if (isRequired) return io === 'input' ? 'required' : 'always';
  return io === 'input' ? '–' : 'if known';
}

function typeOf(shape: Shape): string {
  if (shape.const !== undefined) return `\`${JSON.stringify(shape.const)}\``;
  if (shape.enum !== undefined) return shape.enum.map((one) => `\`${one}\``).join(', ');
  const any = shape.anyOf ?? shape.oneOf;
  if (any !== undefined) return [...new Set(any.map(typeOf))].join(' or ');
  if (shape.items !== undefined) return `list of ${typeOf(shape.items)}`;
  if (shape.properties !== undefined) {
    return `object (${Object.keys(shape.properties)
      .map((key) => `\`${key}\``)
      .join(', ')})`;
  }
  if (typeof shape.additionalProperties === 'object') {
    return `by name: ${typeOf(shape.additionalProperties)}`;
  }
  return plainType(shape);
}

const FORMATS: Readonly<Record<string, string>> = { uri: 'address', 'date-time': 'instant' };

function plainType({ type = 'anything', format }: Shape): string {
  if (format !== undefined && FORMATS[format] !== undefined) return FORMATS[format];
  if (typeof type !== 'string') return type.join(' or ');
  return { string: 'text', integer: 'whole number', boolean: 'yes or no' }[type] ?? type;
}

/** Rows under the first one, in columns as the formatter of this repository aligns them. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[], fill = ' ') =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  const rule = line(
    head.map(() => ''),
    '-',
  );
  return [line(head), rule, ...body.map((row) => line(row))].join('\n');
}
