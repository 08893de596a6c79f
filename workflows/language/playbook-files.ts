import type * as z from 'zod';
import { Agreement } from '#core/agreement/agreement.ts';
import { Calendars } from '#core/clocks/calendar.ts';
import { ClockPolicies } from '#core/clocks/ladder.ts';
import { AlertPolicy } from '#core/handoff/alert-policy.ts';
import { Tracks } from '#core/nurture/tracks.ts';
import { People } from '#core/people.ts';
import { Protection } from '#core/protection/protection.ts';
import { RoutingPolicy } from '#core/routing/policy.ts';
import { ScoringModel } from '#core/scoring/model.ts';
import { TargetList } from '#core/targets/target-list.ts';

/** The files a playbook has once; without an optional one, what it is about is off. */
export const SINGLE_FILES = {
  'clocks.json': { part: 'clocks', schema: ClockPolicies },
  'calendars.json': { part: 'calendars', schema: Calendars },
  'people.json': { part: 'people', schema: People },
  'tracks.json': { part: 'tracks', schema: Tracks },
  'agreement.json': { part: 'agreement', schema: Agreement, optional: true },
  'alerts.json': { part: 'alerts', schema: AlertPolicy, optional: true },
  'protection.json': { part: 'protection', schema: Protection, optional: true },
  'targets.json': { part: 'targets', schema: TargetList, optional: true },
} as const satisfies Record<string, { part: string; schema: z.ZodType; optional?: true }>;
type SingleFile = keyof typeof SINGLE_FILES;

/** The files without which there is no playbook. */
export const NEEDED_FILES = Object.entries(SINGLE_FILES)
  .filter(([, file]) => !('optional' in file))
  .map(([name]) => name);

/** The folders whose files are each one part, called like the file. */
export const FOLDERS = {
  scoring: ScoringModel,
  routing: RoutingPolicy,
} as const satisfies Record<string, z.ZodType>;
export type Folder = keyof typeof FOLDERS;

/** What a path inside a playbook stands for. */
export type Place =
  | { readonly kind: 'single'; readonly file: SingleFile }
  | { readonly kind: Folder; readonly id: string }
  | { readonly kind: 'workflow'; readonly id: string }
  /** The tests of a workflow, which are no part of what is in force. */
  | { readonly kind: 'tests'; readonly id: string };

const TESTS = /^([a-z0-9]+(?:-[a-z0-9]+)*)\.test\.json$/;

/** What a file is by its path; `undefined` for one that no playbook has. */
export function placeOf(path: string): Place | undefined {
  if (Object.hasOwn(SINGLE_FILES, path)) return { kind: 'single', file: path as SingleFile };
  const tests = TESTS.exec(path)?.[1];
  if (tests !== undefined) return { kind: 'tests', id: tests };
  const [, folder, id = ''] = /^(?:([a-z]+)\/)?([a-z0-9]+(?:-[a-z0-9]+)*)\.json$/.exec(path) ?? [];
  if (id === '') return undefined;
  if (folder === undefined) return { kind: 'workflow', id };
  return Object.hasOwn(FOLDERS, folder) ? { kind: folder as Folder, id } : undefined;
}

/** Where a finding's JSON pointer into the playbook leads: `/people/salespeople/0/calendar`. */
export function fileOf(pointer: string): { file: string; path: (string | number)[] } {
  const [part = '', ...rest] = pointer
    .split('/')
    .slice(1)
    .map((text) => text.replaceAll('~1', '/').replaceAll('~0', '~'));
  const path = rest.map((text) => (/^\d+$/.test(text) ? Number(text) : text));
  if (Object.hasOwn(SINGLE_FILES, `${part}.json`)) return { file: `${part}.json`, path };
  const [id, ...inside] = path;
  return { file: part === 'workflows' ? `${id}.json` : `${part}/${id}.json`, path: inside };
}
