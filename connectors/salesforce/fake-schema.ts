import * as z from 'zod';
import type { FaultScript } from '#connectors/kit/faults.ts';
import { notFound, refused, type SalesforceRefusal } from './fake-errors.ts';
import { SObjectName } from './fake-sobject.ts';
import type { Row, SalesforceStore } from './fake-store.ts';

const STAMPS =
  'Id IsDeleted CreatedDate CreatedById LastModifiedDate LastModifiedById SystemModstamp MasterRecordId';
const PERSON = 'Email FirstName LastName Title Phone HasOptedOutOfEmail OwnerId Description';

/** The fields that the organisation has, but for its custom ones. */
const FIELDS: Record<SObjectName, string> = {
  Lead: `${PERSON} Company Website Country State PostalCode City Industry NumberOfEmployees Status LeadSource IsConverted ConvertedContactId ConvertedAccountId ConvertedOpportunityId`,
  Contact: `${PERSON} AccountId MailingCountry MailingState MailingPostalCode MailingCity`,
  Account:
    'Name Website Industry NumberOfEmployees Phone BillingCountry BillingState BillingPostalCode BillingCity OwnerId',
  Task: 'WhoId OwnerId Subject Description Status Priority Type TaskSubtype ActivityDate IsReminderSet ReminderDateTime IsClosed',
  Opportunity: 'Name StageName Amount CloseDate IsWon IsClosed OwnerId CurrencyIsoCode',
  OpportunityContactRole: 'OpportunityId ContactId Role IsPrimary',
  Campaign: 'Name',
  CampaignMember: 'CampaignId LeadId ContactId Status',
  ContentNote: 'Title Content',
  ContentDocumentLink: 'ContentDocumentId LinkedEntityId ShareType',
  User: 'Email Username FederationIdentifier IsActive',
};

/** Relations that a query may follow, and the table that they lead to. */
export const RELATIONS: Record<string, { field: string; to: readonly SObjectName[] }> = {
  Owner: { field: 'OwnerId', to: ['User'] },
  Account: { field: 'AccountId', to: ['Account'] },
  ContentDocument: { field: 'ContentDocumentId', to: ['ContentNote'] },
};

export interface Schema {
  has(entity: SObjectName, field: string): boolean;
  /** The fields as a description lists them. */
  fields(entity: SObjectName): readonly string[];
  /** Throws as Salesforce refuses fields that can't be written. */
  requireWritable(
    store: SalesforceStore,
    entity: SObjectName,
    fields: Readonly<Record<string, unknown>>,
    before: Row | undefined,
  ): void;
}

const LEAD_STATUSES = new Set([
  'Open - Not Contacted',
  'Working - Contacted',
  'Nurture',
  'Unqualified',
  'Closed - Converted',
]);
const TASK_STATUSES = new Set(['Not Started', 'In Progress', 'Completed', 'Deferred']);

/** The values of restricted picklists, by table and field. */
export const PICKLISTS: Readonly<Record<string, ReadonlySet<string>>> = {
  'Lead.Status': LEAD_STATUSES,
  'Task.Status': TASK_STATUSES,
  'Opportunity.StageName': new Set([
    'Prospecting',
    'Qualification',
    'Negotiation',
    'Closed Won',
    'Closed Lost',
  ]),
};

const REQUIRED: Partial<Record<SObjectName, readonly string[]>> = {
  Lead: ['LastName', 'Company'],
  Opportunity: ['Name', 'StageName', 'CloseDate'],
  CampaignMember: ['CampaignId'],
  ContentNote: ['Title'],
};

/** What an administrator may take away overnight; the fault says which, as `Lead.Title`. */
const MAY_DRIFT = /^(Title|Phone|Industry|Website|State|\w+__c)$/;

export function fakeSchema(
  custom: Readonly<Partial<Record<SObjectName, readonly string[]>>>,
  faults?: FaultScript | undefined,
): Schema {
  const all = new Map(
    SObjectName.options.map((entity) => [
      entity,
      new Set([...`${STAMPS} ${FIELDS[entity]}`.split(' '), ...(custom[entity] ?? [])]),
    ]),
  );
  const drifted = (entity: SObjectName, field: string) =>
    faults !== undefined && MAY_DRIFT.test(field) && faults.strikes('drift', `${entity}.${field}`);
  const has = (entity: SObjectName, field: string) =>
    (all.get(entity)?.has(field) ?? false) && !drifted(entity, field);
  return {
    has,
    fields: (entity) => [...(all.get(entity) ?? [])].filter((field) => !drifted(entity, field)),
    requireWritable(store, entity, fields, before) {
      const unknown = Object.keys(fields).find((name) => !has(entity, name));
      if (unknown !== undefined) {
        throw refused('INVALID_FIELD', `No such column '${unknown}' on sobject of type ${entity}`);
      }
      const missing =
        before === undefined ? REQUIRED[entity]?.find((name) => !fields[name]) : undefined;
      if (missing !== undefined) {
        throw refused(
          'REQUIRED_FIELD_MISSING',
          `Required fields are missing: [${missing}]`,
          missing,
        );
      }
      const refusal = Object.entries(fields)
        .map(([name, value]) => CHECKS[name]?.(value, entity, name, store))
        .find((one) => one !== undefined);
      if (refusal !== undefined) throw refusal;
      if (entity === 'Lead' && before?.['IsConverted'] === true) throw converted();
    },
  };
}

function converted(): SalesforceRefusal {
  return refused('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
}

type Check = (
  value: unknown,
  entity: SObjectName,
  field: string,
  store: SalesforceStore,
) => SalesforceRefusal | undefined;

const MOST_SUBJECT = 255;

function picklist(value: unknown, entity: SObjectName, field: string) {
  const options = PICKLISTS[`${entity}.${field}`];
  if (options === undefined || options.has(String(value))) return undefined;
  const message = `${field}: bad value for restricted picklist field: ${value}`;
  return refused('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, field);
}

const CHECKS: Record<string, Check> = {
  Email: (value) =>
    value === null || z.email().safeParse(value).success
      ? undefined
      : refused('INVALID_EMAIL_ADDRESS', `Email: invalid email address`, 'Email'),
  Subject: (value) =>
    String(value).length > MOST_SUBJECT
      ? refused('STRING_TOO_LONG', `Subject: data value too large`, 'Subject')
      : undefined,
  Status: picklist,
  StageName: picklist,
  OwnerId: (value, _, __, store) => {
    const isActive = store.live.User.get(String(value))?.['IsActive'] === true;
    if (isActive || String(value).startsWith('00G')) return undefined;
    return refused('INACTIVE_OWNER_OR_USER', 'operation performed with inactive user');
  },
  WhoId: livingPerson,
  LeadId: livingPerson,
  ContactId: livingPerson,
  LinkedEntityId: livingPerson,
};

function livingPerson(
  value: unknown,
  _: SObjectName,
  __: string,
  store: SalesforceStore,
): SalesforceRefusal | undefined {
  const lead = store.live.Lead.get(String(value));
  if (lead?.['IsConverted'] === true) return converted();
  return lead !== undefined || store.live.Contact.has(String(value)) ? undefined : notFound();
}
