import * as z from 'zod';
import type { Call, FakeOrganization } from './fake-call.ts';
import { notFound, refused, SalesforceRefusal } from './fake-errors.ts';
import { SObjectName } from './fake-sobject.ts';
import type { Change, Row, SalesforceStore } from './fake-store.ts';
import { ACTIVITY_KEY } from './task-limits.ts';

const FieldValues = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
export type FieldValues = z.infer<typeof FieldValues>;

/** Whom the assignment rule of the organisation gives leads to. */
const ASSIGNMENT_QUEUE = '00G000000000001AAA';

export function tableOf(name: string | undefined): SObjectName {
  const entity = SObjectName.safeParse(name);
  if (!entity.success) throw notFound();
  return entity.data;
}

export function fieldsOf(body: unknown): FieldValues {
  const fields = FieldValues.safeParse(body);
  if (!fields.success) throw refused('JSON_PARSER_ERROR', 'Unexpected body');
  return fields.data;
}

export function findRow(store: SalesforceStore, entity: SObjectName, id: string): Row {
  const row =
    store.live[entity].get(id) ??
    [...store.live[entity].values()].find(({ Id }) => Id.slice(0, 15) === id);
  if (row !== undefined) return row;
  if (!store.deleted[entity].has(id)) throw notFound();
  throw new SalesforceRefusal(404, 'ENTITY_IS_DELETED', 'entity is deleted');
}

export function createRow(
  organization: FakeOrganization,
  entity: SObjectName,
  fields: FieldValues,
  call: Call,
  key?: string,
): Row {
  const { store, schema, runAs } = organization;
  requireUnlocked(organization);
  schema.requireWritable(store, entity, fields, undefined);
  requireSingle(organization, entity, fields, call);
  const written = {
    ...DEFAULTS[entity],
    OwnerId: runAs,
    ...withOwner(organization, call, entity, fields, true),
  };
  const row = store.create(entity, withClosing(entity, written), changeOf(organization, call));
  const verb = CREATES[entity] ?? `${entity}.create`;
  const told = isActivity(row, organization) ? 'activity.record' : verb;
  organization.record({ verb: told, target: row.Id, key, detail: { created: true, ...fields } });
  return row;
}

export function updateRow(
  organization: FakeOrganization,
  entity: SObjectName,
  row: Row,
  fields: FieldValues,
  call: Call,
  key?: string,
): void {
  requireUnlocked(organization);
  organization.schema.requireWritable(organization.store, entity, fields, row);
  if (LEAD_CONVERTING.has(String(fields['Status'])) && entity === 'Lead') {
    throw refused('FIELD_INTEGRITY_EXCEPTION', 'Status: needs a conversion', 'Status');
  }
  const written = withClosing(entity, withOwner(organization, call, entity, fields, false));
  const changed = organization.store.update(entity, row.Id, written, changeOf(organization, call));
  if (Object.keys(changed).length === 0) return;
  organization.record({ verb: verbOf(entity, changed), target: row.Id, key, detail: changed });
}

const LEAD_CONVERTING = new Set(['Closed - Converted']);

export function removeRow(
  organization: FakeOrganization,
  entity: SObjectName,
  row: Row,
  call: Call,
): void {
  requireUnlocked(organization);
  organization.store.remove(entity, row.Id, undefined, changeOf(organization, call));
  const verb = entity === 'CampaignMember' ? 'campaign.remove' : `${entity}.delete`;
  organization.record({ verb, target: row.Id, detail: {} });
}

const changeOf = ({ runAs }: FakeOrganization, call: Call): Change => ({
  user: runAs,
  client: /client=([^;]*)/.exec(call.header('sforce-call-options') ?? '')?.[1],
});

function requireUnlocked({ faults }: FakeOrganization): void {
  if (faults.locksLeft === 0) return;
  faults.locksLeft -= 1;
  throw refused('UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record');
}

/** Unless a call says otherwise, the assignment rule has the last word on a lead's owner. */
function withOwner(
  organization: FakeOrganization,
  call: Call,
  entity: SObjectName,
  fields: FieldValues,
  isNew: boolean,
): FieldValues {
  if (entity !== 'Lead' || !(isNew || 'OwnerId' in fields)) return fields;
  const trigger = organization.ownerTrigger();
  if (trigger !== undefined) return { ...fields, OwnerId: trigger };
  const off = call.header('sforce-auto-assign')?.toUpperCase() === 'FALSE';
  return off ? fields : { ...fields, OwnerId: ASSIGNMENT_QUEUE };
}

const DEFAULTS: Partial<Record<SObjectName, FieldValues>> = {
  Lead: { Status: 'Open - Not Contacted', IsConverted: false, HasOptedOutOfEmail: false },
  Task: { Status: 'Not Started', IsClosed: false, TaskSubtype: 'Task' },
  Opportunity: { IsWon: false, IsClosed: false },
};

const CREATES: Partial<Record<SObjectName, string>> = {
  Lead: 'person.upsert',
  Contact: 'person.upsert',
  Task: 'task.create',
  Opportunity: 'opportunity.upsert',
  CampaignMember: 'campaign.add',
  ContentNote: 'note.create',
};

function isActivity(row: Row, { keys }: FakeOrganization): boolean {
  return String(row[keys.Task ?? ''] ?? '').startsWith(ACTIVITY_KEY);
}

/** What may be there only once: members of a campaign, and leads where a duplicate rule is on. */
function requireSingle(
  { store, duplicateRule }: FakeOrganization,
  entity: SObjectName,
  fields: FieldValues,
  call: Call,
): void {
  if (entity === 'CampaignMember') {
    const { CampaignId = null, LeadId, ContactId } = fields;
    const field = LeadId === undefined ? 'ContactId' : 'LeadId';
    const members = store.having('CampaignMember', field, String(LeadId ?? ContactId));
    if (members.some((one) => one['CampaignId'] === CampaignId)) {
      throw refused('DUPLICATE_VALUE', 'Already a campaign member.');
    }
  }
  const passes = /allowSave=true/.test(call.header('sforce-duplicate-rule-header') ?? '');
  if (entity === 'Lead' && duplicateRule && !passes) requireNoTwin(store, fields);
}

function requireNoTwin(store: SalesforceStore, fields: FieldValues): void {
  const twins = ['Email', 'Phone'].flatMap((name) => {
    const value = fields[name];
    if (typeof value !== 'string') return [];
    return [...store.having('Lead', name, value), ...store.having('Contact', name, value)];
  });
  const [twin] = twins;
  if (twin === undefined) return;
  throw new SalesforceRefusal(400, 'DUPLICATES_DETECTED', "You're creating a duplicate record.", {
    duplicateResult: {
      allowSave: true,
      matchResults: [{ matchRecords: [{ record: { Id: twin.Id } }] }],
    },
  });
}

/** Salesforce computes whether a task is closed from its status, and an opportunity's end from its stage. */
export function withClosing(entity: SObjectName, fields: FieldValues): FieldValues {
  if (entity === 'Task' && fields['Status'] !== undefined) {
    return { ...fields, IsClosed: fields['Status'] === 'Completed' };
  }
  const stage = fields['StageName'];
  if (entity !== 'Opportunity' || typeof stage !== 'string') return fields;
  return { ...fields, IsWon: stage === 'Closed Won', IsClosed: stage.startsWith('Closed') };
}

function verbOf(entity: SObjectName, changed: Readonly<Record<string, unknown>>): string {
  if (entity === 'Task') return changed['Status'] === 'Completed' ? 'task.close' : 'task.change';
  if (entity === 'Opportunity') return 'opportunity.upsert';
  if ('OwnerId' in changed) return 'person.assign';
  return 'Status' in changed ? 'person.status' : 'person.upsert';
}
