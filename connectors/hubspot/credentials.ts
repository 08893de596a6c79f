import * as z from 'zod';
import type { OperationContext } from '#connectors/kit/connector.ts';
import { LeadStatus } from '#core/operations.ts';

/** The one place that says which version of HubSpot's API is spoken unless a connection says otherwise. */
const DEFAULT_API_VERSION = '2026-09';

export const HubspotCredentials = z.strictObject({
  /** A service key, or the token of a private or project app. */
  token: z.string().min(1),
  /** The secret of the app that owns the webhook subscriptions; it signs what HubSpot sends. */
  clientSecret: z.string().min(1),
});
export type HubspotCredentials = z.infer<typeof HubspotCredentials>;

export const HubspotSettings = z.strictObject({
  baseUrl: z.url().default('https://api.hubapi.com'),
  apiVersion: z
    .string()
    .regex(/^(v3|\d{4}-\d{2})$/)
    .default(DEFAULT_API_VERSION),
  portalId: z.number().int(),
  /** The app whose token the hub writes with: its changes are echoes, not news. */
  appId: z.number().int(),
  /** Further `sourceId`s of the hub's own writes, where HubSpot names them differently. */
  ownSourceIds: z.array(z.string()).default([]),
  /** The webhook address as HubSpot was configured with it, if the hub can't know it. */
  publicUrl: z.url().optional(),
  statusMap: z.partialRecord(LeadStatus, z.string()).default({}),
  /** Values of `hs_lead_status` by which a salesperson takes a lead. */
  acceptedStatuses: z.array(z.string()).default(['OPEN', 'IN_PROGRESS', 'CONNECTED']),
  /** Values of `hs_lead_status` by which a salesperson gives a lead back, and why. */
  rejectedStatuses: z.record(z.string(), z.string()).default({ UNQUALIFIED: 'bad_fit' }),
  /** A contact property that holds the reason of a rejection; its value wins over the one above. */
  reasonProperty: z.string().optional(),
  qualifiedStages: z.array(z.string()).default(['marketingqualifiedlead']),
  /** The lifecycle stage that an assigned contact moves forward to; absent: stages are left alone. */
  assignedStage: z.string().optional(),
  /** Values of `changeSource` that mean "the person filled in something". */
  formSources: z.array(z.string()).default(['FORM', 'CONVERSATIONS']),
  /** Values of `changeSource` that mean "no person decided this". */
  automaticSources: z.array(z.string()).default(['AUTOMATION_PLATFORM', 'WORKFLOWS', 'IMPORT']),
  /** Parts of form names that ask for a conversation; a form with a message does so by itself. */
  handRaiserForms: z
    .array(z.string())
    .default(['demo', 'contact sales', 'talk to sales', 'contact us', 'quote', 'pricing']),
  needProperty: z.string().default('message'),
  timelineProperty: z.string().optional(),
  selfReportedSourceProperty: z.string().optional(),
  /** Names of lists that the playbook may use instead of HubSpot's ids. */
  lists: z.record(z.string(), z.string()).default({}),
  /** ISO 4217, for deals without a currency of their own. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
});
export type HubspotSettings = z.infer<typeof HubspotSettings>;

export type HubspotContext = OperationContext<HubspotCredentials, HubspotSettings>;
