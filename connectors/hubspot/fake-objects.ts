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

const OPTIONS: Record<string, ReadonlySet<string>> = {
  hs_lead_status: STATUSES,
  hs_task_status: TASK_STATUSES,
  hs_task_type: new Set(['TODO', 'CALL', 'EMAIL']),
  hs_task_priority: new Set(['LOW', 'MEDIUM', 'HIGH']),
  lifecyclestage: new Set(STAGES),
};

/** Why HubSpot would refuse these values for this record; `undefined` when it would not. */
export function refusalOf(
  store: HubspotStore,
  properties: Readonly<Record<string, string>>,
  before?: FakeRecord,
): HubspotRefusal | undefined {
  const bad = Object.entries(properties).find(
    ([name, value]) => value !== '' && !isAllowed(store, name, value),
  );
  if (bad !== undefined)
    return invalid(OPTIONS[bad[0]] ? 'INVALID_OPTION' : 'INVALID_VALUE', bad[0]);
  const stage = properties['lifecyclestage'];
  const current = before?.properties['lifecyclestage'] ?? '';
  if (stage && current !== '' && STAGES.indexOf(stage) < STAGES.indexOf(current)) {
    return invalid('INVALID_VALUE', 'lifecyclestage');
  }
  return undefined;
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
export function shown(record: FakeRecord, properties: readonly string[]) {
  const { id, createdAt, updatedAt } = record;
  const wanted = ['hs_object_id', ...properties];
  return {
    id,
    properties: Object.fromEntries(wanted.map((name) => [name, record.properties[name] || null])),
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
