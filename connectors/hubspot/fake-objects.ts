import * as z from 'zod';
import { type HubspotRefusal, invalid } from './fake-errors.ts';
import type { FakeRecord, HubspotStore, Kind } from './fake-store.ts';

const STATUSES = new Set([
  'NEW',
  'OPEN',
  'IN_PROGRESS',
  'OPEN_DEAL',
  'UNQUALIFIED',
  'ATTEMPTED_TO_CONTACT',
  'CONNECTED',
  'BAD_TIMING',
]);
const TASK_STATUSES = new Set(['NOT_STARTED', 'IN_PROGRESS', 'WAITING', 'COMPLETED', 'DEFERRED']);
const STAGES = [
  'subscriber',
  'lead',
  'marketingqualifiedlead',
  'salesqualifiedlead',
  'opportunity',
  'customer',
  'evangelist',
  'other',
];

/** The property that is gone while a portal drifts. */
export const DRIFTING = 'jobtitle';

export const OPTIONS: Readonly<Record<string, ReadonlySet<string>>> = {
  hs_lead_status: STATUSES,
  hs_task_status: TASK_STATUSES,
  hs_task_type: new Set(['TODO', 'CALL', 'EMAIL']),
  hs_task_priority: new Set(['LOW', 'MEDIUM', 'HIGH']),
  lifecyclestage: new Set(STAGES),
};

/** Why HubSpot would refuse these values; `undefined` when it would not. */
export function refusalOf(
  store: HubspotStore,
  properties: Readonly<Record<string, string>>,
  gone: readonly string[] = [],
): HubspotRefusal | undefined {
  const missing = gone.find((name) => name in properties);
  if (missing !== undefined) return invalid('PROPERTY_DOESNT_EXIST', missing);
  const bad = Object.entries(properties).find(
    ([name, value]) => value !== '' && !isAllowed(store, name, value),
  );
  if (bad === undefined) return undefined;
  return invalid(OPTIONS[bad[0]] ? 'INVALID_OPTION' : 'INVALID_VALUE', bad[0]);
}

/** What HubSpot makes of a write: a stage that would go back is taken, and stays where it was. */
export function effective(
  properties: Readonly<Record<string, string>>,
  before: FakeRecord,
): Record<string, string> {
  const { lifecyclestage: stage, ...rest } = properties;
  if (stage === undefined) return { ...properties };
  const current = before.properties['lifecyclestage'] ?? '';
  const isBack = stage !== '' && current !== '' && STAGES.indexOf(stage) < STAGES.indexOf(current);
  return isBack ? rest : { ...properties };
}

function isAllowed(store: HubspotStore, name: string, value: string): boolean {
  if (name === 'email') return z.email().safeParse(value).success;
  if (name === 'hubspot_owner_id') return store.owners.some(({ id }) => id === value);
  return OPTIONS[name]?.has(value) ?? true;
}

/** Properties that a new record can't be without. */
export const REQUIRED: Partial<Record<Kind, string>> = {
  tasks: 'hs_timestamp',
  notes: 'hs_timestamp',
};

/** A record as the object API shows it: the properties that were asked for, unset ones as `null`. */
export function shown(
  record: FakeRecord,
  properties: readonly string[],
  withHistory: readonly string[] = [],
) {
  const { id, createdAt, updatedAt, history } = record;
  const wanted = ['hs_object_id', ...properties];
  return {
    id,
    properties: Object.fromEntries(wanted.map((name) => [name, record.properties[name] || null])),
    ...(withHistory.length === 0
      ? {}
      : {
          propertiesWithHistory: Object.fromEntries(
            withHistory.map((name) => [name, history[name] ?? []]),
          ),
        }),
    createdAt,
    updatedAt,
    archived: false,
  };
}

/** The verb of core/operations.ts that a change of properties amounts to. */
export function verbOf(kind: Kind, changed: Readonly<Record<string, string>>): string {
  if (kind === 'tasks')
    return changed['hs_task_status'] === 'COMPLETED' ? 'task.close' : 'task.change';
  if (kind !== 'contacts') return `${kind}.change`;
  if ('hubspot_owner_id' in changed) return 'person.assign';
  return 'hs_lead_status' in changed ? 'person.status' : 'person.upsert';
}

/** The contact with an address, whatever its case. */
export function contactByEmail(store: HubspotStore, email: string): FakeRecord | undefined {
  const wanted = email.toLowerCase();
  return [...store.records.contacts.values()].find(
    ({ properties }) => properties['email']?.toLowerCase() === wanted,
  );
}
