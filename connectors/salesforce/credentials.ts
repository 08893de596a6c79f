import * as z from 'zod';
import type { OperationContext } from '#connectors/kit/connector.ts';
import { LeadStatus } from '#core/operations.ts';

/** Release 260; a connection may name a later one. */
const DEFAULT_API_VERSION = 'v66.0';

const inbound = {
  /** What proves an incoming request: outbound messages carry it in the address, relays in a header. */
  inboundSecret: z.string().min(16),
};

export const SalesforceCredentials = z.discriminatedUnion('flow', [
  z.strictObject({
    flow: z.literal('client-credentials'),
    clientId: z.string().min(1),
    clientSecret: z.string().min(1),
    ...inbound,
  }),
  z.strictObject({
    flow: z.literal('jwt-bearer'),
    clientId: z.string().min(1),
    username: z.string().min(1),
    /** PEM of the key whose certificate was uploaded to the app. */
    privateKey: z.string().includes('PRIVATE KEY'),
    /** `https://test.salesforce.com` for a sandbox. */
    audience: z.url().default('https://login.salesforce.com'),
    ...inbound,
  }),
]);
export type SalesforceCredentials = z.infer<typeof SalesforceCredentials>;

const fieldName = z.string().regex(/^[A-Za-z]\w*$/);
const salesforceId = z.string().regex(/^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/);

/** Facts of a person that an organisation may keep in fields of other names than the usual ones. */
const LeadFact = z.enum([
  'firstName',
  'lastName',
  'title',
  'phone',
  'company',
  'website',
  'country',
  'region',
  'postcode',
  'city',
  'industry',
  'employees',
]);
export type LeadFact = z.infer<typeof LeadFact>;
const ContactFact = LeadFact.extract([
  'firstName',
  'lastName',
  'title',
  'phone',
  'country',
  'region',
  'postcode',
  'city',
]);

/** Hosts on which people log in; neither the client credentials flow nor the API is there. */
const LOGIN_HOST = /^https?:\/\/(login|test)\.salesforce\.com/i;

export const SalesforceSettings = z.strictObject({
  /** The organisation's My Domain address: the token flows work on no other host. */
  instanceUrl: z
    .url()
    .refine((url) => !LOGIN_HOST.test(url), 'must be the My Domain address of the organisation')
    .transform((url) => url.replace(/\/+$/, '')),
  apiVersion: z
    .string()
    .regex(/^v\d+\.0$/)
    .default(DEFAULT_API_VERSION),
  organizationId: salesforceId,
  /** Marks the hub's writes, so that their change events are known as echoes. */
  clientName: z
    .string()
    .regex(/^[\w.-]+$/)
    .default('Baton'),
  /** The user the hub runs as: what that user changed is an echo, too. */
  integrationUserId: salesforceId.optional(),
  /** Unique external id fields that an administrator makes once on Lead and on Task. */
  externalIdField: fieldName.default('Hub_Id__c'),
  taskKeyField: fieldName.default('Hub_Key__c'),
  opportunityKeyField: fieldName.default('Hub_Key__c'),
  /** Names of fields that differ from the usual ones, by fact. */
  fields: z
    .strictObject({
      lead: z.partialRecord(LeadFact, fieldName).default({}),
      contact: z.partialRecord(ContactFact, fieldName).default({}),
    })
    .prefault({}),
  /** The field of users by which a salesperson of the playbook is known. */
  ownerField: z.enum(['Email', 'Username', 'FederationIdentifier']).default('Email'),
  statusMap: z.partialRecord(LeadStatus, z.string()).default({}),
  /** Contacts have no status of their own; an organisation may have made a field. */
  contactStatusField: fieldName.optional(),
  /** Statuses that only a conversion may set. */
  convertedStatuses: z.array(z.string()).default(['Closed - Converted']),
  /** A field of leads and contacts with the stage of the lifecycle. */
  stageField: fieldName.optional(),
  /** StageName of opportunities for the stages that the playbook names. */
  stages: z.record(z.string(), z.string()).default({}),
  /** Ids of campaigns by the names that the playbook uses. */
  campaigns: z.record(z.string(), salesforceId).default({}),
  /** How the statuses begin by which a salesperson takes a lead. */
  acceptedStatuses: z.array(z.string()).default(['Working']),
  /** Statuses by which a salesperson gives a lead back, and why. */
  rejectedStatuses: z.record(z.string(), z.string()).default({ Unqualified: 'bad_fit' }),
  /** A Lead field with the reason of a rejection; its value wins over the one above. */
  reasonField: fieldName.optional(),
  /** A Lead field with the date on which to talk again, where a reason goes by one. */
  namedDateField: fieldName.optional(),
  /** Values of LeadSource that mean "the person filled in something". */
  webSources: z.array(z.string()).default(['Web']),
  /** Where web-to-lead puts what the person wrote. */
  needField: fieldName.default('Description'),
  timelineField: fieldName.optional(),
  selfReportedSourceField: fieldName.optional(),
  companyWhenUnknown: z.string().min(1).default('[not provided]'),
  /** Organisations with several currencies have a CurrencyIsoCode on every record. */
  multiCurrency: z.boolean().default(false),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  /** The field of a platform event that names the record it is about. */
  platformEventRecordField: fieldName.default('Record_Id__c'),
  /** The hub's share of the organisation's calls in 24 hours, and of those under way at once. */
  dailyCalls: z.number().int().positive().default(50_000),
  concurrentCalls: z.number().int().positive().default(20),
  tokenHeader: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .default('x-baton-token'),
});
export type SalesforceSettings = z.infer<typeof SalesforceSettings>;

export type SalesforceContext = OperationContext<SalesforceCredentials, SalesforceSettings>;
