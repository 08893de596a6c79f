import * as z from 'zod';
import type { Connector, Operation } from '#connectors/kit/connector.ts';
import type { Limits } from '#connectors/kit/limits.ts';
import { ROLE_VERBS, type Role } from '#core/operations.ts';
import { fieldNames, markdownTable, schemaTables } from './schema-table.ts';

/** The page of one connector. `events` are the canonical events that its news becomes. */
export function renderConnector(connector: Connector, events: readonly string[]): string {
  const { title, docs } = connector;
  const roles = rolesOf(connector);
  const parts = [
    `# ${title}`,
    `Vendor \`${connector.id}\`, ${roles.length === 0 ? 'without a role' : `for the ${roles.length === 1 ? 'role' : 'roles'} ${roles.map((role) => `\`${role}\``).join(', ')}`}. The vendor's own documentation: <${docs}>. How it is set up: [connecting.md](../connecting.md).`,
    ...section('Credentials', credentials(connector)),
    ...section('Settings', schemaTables(connector.settings, 'input') ?? 'There are none.'),
    ...section('What comes in', inbound(connector, events)),
    ...section('Streams', streams(connector)),
    ...section('Operations', operations(connector)),
    ...section('Limits', limits(connector)),
    ...section('Checks', checks(connector)),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The list of all pages. */
export function renderList(connectors: Readonly<Record<string, Connector>>): string {
  const rows = Object.entries(connectors).map(([vendor, connector]) => [
    `[${connector.title}](${vendor}.md)`,
    `\`${vendor}\``,
    rolesOf(connector).join(', '),
    connector.inbound === undefined ? '' : 'yes',
    Object.keys(connector.streams ?? {}).join(', '),
    String(Object.keys(connector.operations).length),
  ]);
  const head = ['vendor', 'id', 'roles', 'sends', 'streams', 'operations'];
  return `# Connectors\n\nA page for each connector, written from its schemas by \`npm run docs:connectors\`; a test holds them in step. How vendors are set up: [connecting.md](../connecting.md). A new one begins with \`npx baton new connector <name>\`.\n\n${markdownTable([head, ...rows])}\n`;
}

const rolesOf = ({ operations: has }: Connector): Role[] =>
  (Object.keys(ROLE_VERBS) as Role[]).filter((role) =>
    ROLE_VERBS[role].every((verb) => has[verb] !== undefined),
  );

const section = (heading: string, text: string | undefined): string[] =>
  text === undefined ? [] : [`## ${heading}`, text];

function credentials(connector: Connector): string {
  const names = fieldNames(connector.credentials).map((name) => `\`${name}\``);
  return names.length === 0 ? 'There are none.' : `${names.join(', ')}.`;
}

function inbound({ id, inbound: has }: Connector, events: readonly string[]): string | undefined {
  if (has === undefined) return undefined;
  const where = `To \`/in/${id}/<connection>\`${has.tracking === true ? ', and to the tracking API `/v1`' : ''}.`;
  const what = events.map((event) => `\`${event}\``).join(', ');
  return `${where}\n\nIt becomes: ${what}.`;
}

function streams({ streams: has = {} }: Connector): string | undefined {
  const rows = Object.entries(has).map(([name, { summary, everyMinutes }]) => [
    `\`${name}\``,
    summary,
    `${everyMinutes} min`,
  ]);
  return rows.length === 0
    ? undefined
    : markdownTable([['stream', 'tells', 'asked every'], ...rows]);
}

function operations({ id, operations: has }: Connector): string | undefined {
  const all = Object.entries(has);
  if (all.length === 0) return undefined;
  const blocks = all.map(([name, one]) => renderOperation(`${id}.${name}`, one));
  return `In a workflow: \`"use": "${id}.<operation>"\`.\n\n${blocks.join('\n\n')}`;
}

function renderOperation(name: string, one: Operation<unknown, unknown>): string {
  const { summary, idempotent, find, input, output } = one;
  const again = idempotent
    ? 'Again with the same key and input: as once.'
    : `Not idempotent${find === undefined ? '.' : ': after a lost answer it looks first for what is there.'}`;
  const into = schemaTables(input, 'input');
  const out = schemaTables(output, 'output');
  return [
    `### ${name}`,
    `${summary} ${again}`,
    ...(into === undefined ? [] : ['Input:', into]),
    ...(out === undefined ? ['It answers nothing.'] : ['Output:', out]),
  ].join('\n\n');
}

/** With the settings as they are by default; those that must be given are filled with samples. */
function limits({ settings, limits: has }: Connector): string | undefined {
  if (has === undefined) return undefined;
  const sample = settings.safeParse(sampleOf(settings));
  if (!sample.success) return 'They depend on the settings.';
  return `By default the hub allows itself:\n\n${linesOf(has({ settings: sample.data })).join('\n')}`;
}

function linesOf({ rates, concurrent, daily }: Limits): string[] {
  return [
    ...rates.map(({ name, calls, everyMs }) => `- ${name}: ${calls} calls in ${everyMs / 1000} s`),
    ...(concurrent === undefined ? [] : [`- ${concurrent} calls at once`]),
    ...(daily === undefined
      ? []
      : [
          `- ${daily.calls} calls a day, ${daily.resets === 'rolling' ? 'over the last 24 hours' : `until midnight in ${daily.resets.midnightIn}`}`,
        ]),
  ];
}

interface Field {
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
}

/** Something for each setting that must be given. */
function sampleOf(schema: z.ZodType): object {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  }) as { properties?: Record<string, Field>; required?: string[] };
  return Object.fromEntries(required.map((name) => [name, sampleField(properties[name] ?? {})]));
}

function sampleField({ type, format }: Field): unknown {
  if (format === 'uri') return 'https://acme.my.salesforce.com';
  if (type === 'integer' || type === 'number') return 1;
  return type === 'object' ? {} : '00D5f000005KcCnEAK';
}

function checks({ examination, inbound: has, mapping }: Connector): string | undefined {
  if (examination === undefined) return undefined;
  const made = [
    'credentials',
    ...(examination.scopes === undefined ? [] : ['scopes']),
    ...(examination.limits === undefined ? [] : ['limits']),
    ...(has === undefined ? [] : ['webhooks']),
    ...(mapping === undefined ? [] : ['mapping']),
    'clock',
  ];
  return `\`npx baton doctor\` looks at: ${made.join(', ')}.`;
}
