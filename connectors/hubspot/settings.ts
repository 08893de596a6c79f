import * as z from 'zod';
import type { PersonFacts } from '#core/events.ts';
import { LeadStatus } from '#core/operations.ts';
import { FAMILIES, Version } from './paths.ts';

const Share = z.number().positive().max(1);

/** What the account's plan allows, and how much of it the hub allows itself. */
const Limits = z.strictObject({
  plan: z.enum(['starter', 'professional', 'enterprise', 'oauth']).default('starter'),
  /** How many times the limit increase was bought: more a day, and more in ten seconds. */
  increases: z.number().int().min(0).max(2).default(0),
  /** The hub's part of each limit; others use the account, too. */
  share: Share.default(0.8),
  /** Figures that win over the plan's, for when HubSpot changes them. */
  callsIn10s: z.number().int().positive().optional(),
  searchesIn1s: z.number().int().positive().optional(),
  daily: z.number().int().positive().optional(),
  /** Records in one batch, inputs of one association batch, rows of one search page. */
  batch: z.number().int().min(1).max(100).default(100),
  associationBatch: z.number().int().min(1).max(1000).default(100),
  searchPage: z.number().int().min(1).max(200).default(100),
  /** Records in one batch when their history is asked for: HubSpot takes fewer of these. */
  historyBatch: z.number().int().min(1).max(100).default(50),
});

/** The facts that the hub may write, and read back. */
const WritableFact = z.enum([
  'firstName',
  'lastName',
  'title',
  'phone',
  'company',
  'website',
  'country',
  'region',
  'industry',
] as const satisfies readonly (keyof PersonFacts)[]);

const isTimeZone = (id: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: id }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** A property by which a workflow of the portal is asked to take somebody in. */
const Campaign = z.strictObject({ property: z.string(), value: z.string() });

export const HubspotSettings = z.strictObject({
  baseUrl: z.url().default('https://api.hubapi.com'),
  /** One version for all families of the API, in place of the default of each. */
  apiVersion: Version.optional(),
  /** The version of single families: wins over `apiVersion`. */
  apiVersions: z.partialRecord(z.enum(FAMILIES), Version).default({}),
  portalId: z.number().int(),
  /** The app whose token the hub writes with: its changes are echoes, not news. */
  appId: z.number().int(),
  /** Further `sourceId`s of the hub's own writes, where HubSpot names them differently. */
  ownSourceIds: z.array(z.string()).default([]),
  /** The webhook address as HubSpot was configured with it, if the hub can't know it. */
  publicUrl: z.url().optional(),
  /** Whether the webhook action of workflows may come with the older signature alone. */
  acceptV2FromWorkflows: z.boolean().default(false),
  /** IANA, as the account has it: its daily limit is whole again at midnight there. */
  timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone').default('UTC'),
  limits: Limits.default(() => Limits.parse({})),
  /** Contact properties that hold a fact in place of HubSpot's own. */
  fields: z.partialRecord(WritableFact, z.string()).default({}),
  /** Lifecycle stages from first to last, custom ones by their id. */
  stages: z
    .array(z.string())
    .default([
      'subscriber',
      'lead',
      'marketingqualifiedlead',
      'salesqualifiedlead',
      'opportunity',
      'customer',
      'evangelist',
      'other',
    ]),
  statusMap: z.partialRecord(LeadStatus, z.string()).default({}),
  /** Values of `hs_lead_status` by which a salesperson takes a lead. */
  acceptedStatuses: z.array(z.string()).default(['OPEN', 'IN_PROGRESS', 'CONNECTED']),
  /** Values of `hs_lead_status` by which a salesperson gives a lead back, and why. */
  rejectedStatuses: z.record(z.string(), z.string()).default({ UNQUALIFIED: 'bad_fit' }),
  /** A contact property that holds the reason of a rejection; its value wins over the one above. */
  reasonProperty: z.string().optional(),
  /** A contact property with the date on which to talk again, where a reason goes by one. */
  namedDateProperty: z.string().optional(),
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
  /** Names of campaigns that the playbook may request, each with what the workflow listens to. */
  campaigns: z.record(z.string(), Campaign).default({}),
  /** Words for the stages of deals that the playbook may use instead of HubSpot's ids. */
  dealStages: z.record(z.string(), z.string()).default({}),
  pipeline: z.string().default('default'),
  /** The text property by which the hub knows its deals again; salespeople may edit the default one. */
  dealKeyProperty: z.string().default('description'),
  /** ISO 4217, for deals without a currency of their own. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  /** How far back each reading of a stream begins, because HubSpot's index lags behind. */
  overlapSeconds: z.number().int().min(0).default(120),
});
export type HubspotSettings = z.infer<typeof HubspotSettings>;
