import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { connectors } from '#connectors/index.ts';

const text = readFileSync('docs/connecting.md', 'utf8');

/** The first cells of the table that follows a line of the document, and the second ones. */
function tableAfter(line: RegExp): Map<string, string> {
  const start = text.search(line);
  const table = start < 0 ? '' : (/(?:^\|.*\n)+/m.exec(text.slice(start))?.[0] ?? '');
  const rows = [...table.matchAll(/^\| `(\w+)` +\| ([^|]*) \|/gm)];
  return new Map(rows.map(([, field = '', second = '']) => [field, second.trim()]));
}

interface Fields {
  readonly properties?: Readonly<Record<string, { readonly default?: unknown }>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Fields[];
  readonly oneOf?: readonly Fields[];
}

const fieldsOf = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Fields;

/** The names of all fields, of every alternative where there are some. */
function namesOf({ properties = {}, anyOf = [], oneOf = [] }: Fields): string[] {
  const others = [...anyOf, ...oneOf].flatMap(namesOf);
  return [...new Set([...Object.keys(properties), ...others])].sort();
}

const vendors = Object.keys(connectors);
const of = (vendor: string, part: 'settings' | 'credentials') =>
  fieldsOf(connectors[vendor]?.[part] ?? z.never());

test.each(vendors)('the settings of %s are all there, and no others', (vendor) => {
  const told = [...tableAfter(new RegExp(`^Settings of \`${vendor}\``, 'm')).keys()];
  expect(told.sort()).toEqual(namesOf(of(vendor, 'settings')));
});

test.each(vendors)('the credentials of %s are all there, and no others', (vendor) => {
  const told = [...tableAfter(new RegExp(`^Credentials of \`${vendor}\``, 'm')).keys()];
  expect(told.sort()).toEqual(namesOf(of(vendor, 'credentials')));
});

test.each(vendors)(
  'what is required of %s is called so, and plain defaults are right',
  (vendor) => {
    const { properties = {}, required = [] } = of(vendor, 'settings');
    const told = tableAfter(new RegExp(`^Settings of \`${vendor}\``, 'm'));
    const wrong = Object.entries(properties).flatMap(([name, { default: usual }]) => {
      const second = told.get(name) ?? '';
      if (required.includes(name)) return second === 'required' ? [] : [`${name} is required`];
      const expected = typeof usual === 'object' || usual === undefined ? second : `\`${usual}\``;
      return second === expected && second !== 'required' ? [] : [`${name} is ${usual} by default`];
    });
    expect(wrong).toEqual([]);
  },
);
