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

export const SalesforceSettings = z.strictObject({
  /** The organisation's My Domain address: the token flows work on no other host. */
  instanceUrl: z.url().transform((url) => url.replace(/\/+$/, '')),
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
  statusMap: z.partialRecord(LeadStatus, z.string()).default({}),
  /** Contacts have no status of their own; an organisation may have made a field. */
  contactStatusField: fieldName.optional(),
  /** How the statuses begin by which a salesperson takes a lead. */
  acceptedStatuses: z.array(z.string()).default(['Working']),
  /** Statuses by which a salesperson gives a lead back, and why. */
  rejectedStatuses: z.record(z.string(), z.string()).default({ Unqualified: 'bad_fit' }),
  /** A Lead field with the reason of a rejection; its value wins over the one above. */
  reasonField: fieldName.optional(),
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
  tokenHeader: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .default('x-baton-token'),
});
export type SalesforceSettings = z.infer<typeof SalesforceSettings>;

export type SalesforceContext = OperationContext<SalesforceCredentials, SalesforceSettings>;
