import type { Playbook } from '#core/playbook.ts';
import { type Difference, differences } from './diff-json.ts';

/** What of the leads under way a change may concern. */
export type Concern =
  | { readonly kind: 'runs'; readonly workflow: string; readonly step?: string }
  | { readonly kind: 'clocks'; readonly clock: string }
  | { readonly kind: 'leads'; readonly owner: string };

/** One change of a playbook in words. */
export interface Change {
  /** `workflow inbound-lead`, `clocks`, `routing inbound`. */
  readonly part: string;
  readonly what: string;
  readonly concerns?: Concern | undefined;
}

/** Parts of which a playbook has several by name, and what one of them is called. */
const SEVERAL: Readonly<Record<string, string>> = {
  workflows: 'workflow',
  scoring: 'scoring',
  routing: 'routing',
};

/** What one thing of a list is called. */
const ONE_OF: Readonly<Record<string, string>> = {
  steps: 'step',
  choose: 'way to',
  fit: 'fit rule',
  engagement: 'engagement rule',
  disqualify: 'exclusion',
  caps: 'cap of',
  grid: 'grade',
  tiers: 'tier',
  pools: 'pool',
  members: 'member',
  territories: 'territory',
  salespeople: 'salesperson',
  managers: 'manager',
  absences: 'absence from',
  teams: 'team',
  regions: 'region',
  tracks: 'track',
  reasons: 'reason',
  ladder: 'rung at',
  by: 'time for',
  clauses: 'clause',
};

/** How one playbook differs from another, part by part and in words; empty where they say the same. */
export function diffPlaybooks(from: Playbook, to: Playbook): Change[] {
  const { version: _, ...before } = from;
  const { version: __, ...after } = to;
  return differences(withoutNotes(before), withoutNotes(after)).map(changeOf);
}

/** Pointers to schemas are for editors. */
function withoutNotes(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, one: unknown) => (key === '$schema' ? undefined : one)),
  );
}

function changeOf(difference: Difference): Change {
  const [part = '', name = '', ...rest] = difference.path;
  const one = SEVERAL[part];
  const inside = one === undefined ? difference.path.slice(1) : rest;
  return {
    part: one === undefined ? part : `${one} ${name}`,
    what: sentence(inside, difference),
    concerns: concernOf(difference),
  };
}

function sentence(path: readonly string[], difference: Difference): string {
  const { words, field } = wordsOf(path);
  const { kind, from, to, after } = difference;
  const where = [...words, ...(field === '' ? [] : [field])].join(', ');
  switch (kind) {
    case 'added':
      if (after !== undefined) return `${where}: added ${placeOf(after)}`.trim();
      return `${where === '' ? '' : `${where}: `}added${shown(to)}`;
    case 'removed':
      return `${where === '' ? '' : `${where}: `}removed${scalar(from) ? `, was ${text(from)}` : ''}`;
    case 'moved':
      return `${where}: moved ${placeOf(after)}`;
    case 'changed':
      return `${where}: ${text(to)}, was ${text(from)}`;
  }
}

const placeOf = (after: string | null | undefined) =>
  after === undefined || after === null ? 'at the top' : `after ${after}`;

/** `steps, route, with, policy` as `step route` and the field `with policy`. */
function wordsOf(path: readonly string[]): { words: string[]; field: string } {
  const words: string[] = [];
  let field: string[] = [];
  for (let index = 0; index < path.length; index += 1) {
    const one = ONE_OF[path[index] ?? ''];
    const name = path[index + 1];
    if (one === undefined || name === undefined) field.push(path[index] ?? '');
    else {
      words.push(...(field.length === 0 ? [] : [field.join(' ')]), `${one} ${name}`);
      field = [];
      index += 1;
    }
  }
  return { words, field: field.join(' ') };
}

const scalar = (value: unknown) => typeof value !== 'object' || value === null;
const shown = (value: unknown) => (scalar(value) ? ` ${text(value)}` : '');

const LONGEST = 60;

function text(value: unknown): string {
  const whole = JSON.stringify(value) ?? 'nothing';
  return whole.length <= LONGEST ? whole : `${whole.slice(0, LONGEST - 1)}…`;
}

function concernOf({ path, kind }: Difference): Concern | undefined {
  const [part, name = '', list, item] = path;
  if (part === 'workflows') {
    const step = list === 'steps' && kind !== 'added' ? item : undefined;
    return { kind: 'runs', workflow: name, ...(step === undefined ? {} : { step }) };
  }
  if (part === 'clocks') return { kind: 'clocks', clock: name };
  if (part === 'people' && name === 'salespeople' && list !== undefined) {
    return { kind: 'leads', owner: list };
  }
  if (part === 'routing' && list === 'pools' && path[4] === 'members' && path[5] !== undefined) {
    return { kind: 'leads', owner: path[5] };
  }
  return undefined;
}
