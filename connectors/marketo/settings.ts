import * as z from 'zod';
import { PersonFacts, TouchKind } from '#core/events.ts';
import { LeadStatus } from '#core/operations.ts';

/** What a webhook's event name may mean. */
export const MarketoMeaning = z.union([z.enum(['mql', 'unsubscribed', 'ignore']), TouchKind]);
export type MarketoMeaning = z.infer<typeof MarketoMeaning>;

/** What an activity of the log may mean; what is not named means nothing. */
export const ActivityMeaning = z.union([z.enum(['unsubscribed', 'merged']), TouchKind]);
export type ActivityMeaning = z.infer<typeof ActivityMeaning>;

/** Which lead field holds which fact, as Marketo ships them; REST API names, not SOAP ones. */
const STANDARD_FIELDS: Readonly<Record<string, string>> = {
  email: 'email',
  firstName: 'firstName',
  lastName: 'lastName',
  title: 'title',
  phone: 'phone',
  company: 'company',
  website: 'website',
  country: 'country',
  region: 'state',
  postcode: 'postalCode',
  city: 'city',
  industry: 'industry',
  employees: 'numberOfEmployees',
  status: 'leadStatus',
  unsubscribed: 'unsubscribed',
};

/** `leadStatus` is free text in Marketo; these are words, not a picklist. */
const STATUS_WORDS: Readonly<Record<LeadStatus, string>> = {
  assigned: 'Assigned',
  accepted: 'Accepted',
  working: 'Working',
  nurture: 'Recycled',
  disqualified: 'Disqualified',
};

/** As every instance numbers them; a custom type has a number of its own. */
const USUAL_ACTIVITIES: Readonly<Record<string, ActivityMeaning>> = {
  '1': 'page-visited',
  '2': 'form-submitted',
  '7': 'email-received',
  '9': 'unsubscribed',
  '10': 'email-opened',
  '11': 'email-clicked',
  '32': 'merged',
};

/** Marketo's activity log is asked for so many types in one call. */
const MOST_TYPES = 10;

const headerName = z.string().toLowerCase();
const number = z.string().regex(/^\d+$/);
const field = z.string().min(1);

export const MarketoSettings = z.strictObject({
  /** Both from Admin → Web Services, without a trailing slash: double ones are refused. */
  identityUrl: z.url().regex(/[^/]$/),
  restUrl: z.url().regex(/[^/]$/),
  tokenHeader: headerName.default('x-hub-token'),
  eventHeader: headerName.default('x-hub-event'),
  dedupeHeader: headerName.default('x-mkto-event'),
  /** Event names of this instance, beside `mql`, `unsubscribed` and the kinds of touches. */
  events: z.record(z.string(), MarketoMeaning).default({}),
  /** The names that the playbook gives to static lists, and their ids. */
  lists: z.record(z.string(), number).default({}),
  /** The names that workflows give to programs, and their ids. */
  programs: z.record(z.string(), number).default({}),
  /** Facts kept in other fields than the standard ones; an empty name keeps a fact out of Marketo. */
  fields: z
    .partialRecord(PersonFacts.keyof(), z.string())
    .default({})
    .transform((own): Readonly<Record<string, string>> => ({ ...STANDARD_FIELDS, ...own })),
  /** Whether company facts go to company records of their own, or are left with the lead. */
  companies: z.enum(['own-record', 'with-lead']).default('own-record'),
  /** Where new leads belong, in an instance that has partitions. */
  partition: z.string().min(1).optional(),
  statusMap: z
    .partialRecord(LeadStatus, z.string().min(1))
    .default({})
    .transform((own): Readonly<Record<LeadStatus, string>> => ({ ...STATUS_WORDS, ...own })),
  reasonField: field.optional(),
  /** A field of yours: the stage of the revenue model itself can't be written by the API. */
  stageField: field.optional(),
  scoreField: field.default('leadScore'),
  /** External sales person ids by e-mail address; an address that is not here is its own id. */
  owners: z.record(z.string(), z.string()).default({}),
  /** The custom activity that `activity.record` writes, and the API names of its attributes. */
  activity: z
    .strictObject({
      type: z.number().int(),
      keyAttribute: field.optional(),
      kindAttribute: field.optional(),
      urlAttribute: field.optional(),
      bodyAttribute: field.optional(),
    })
    .optional(),
  /** What activities mean by the number of their type: ten at most. Replaces the usual ones. */
  activityTypes: z
    .record(number, ActivityMeaning)
    .default(USUAL_ACTIVITIES)
    .refine((types) => Object.keys(types).length <= MOST_TYPES, 'Name ten types at most.'),
  /** By these sources a change in the log is known as one that came by the API: the hub's own. */
  echoSources: z.array(z.string()).default(['Web service API']),
  /** Lead statuses that, once reached, qualify a lead that no webhook told of. */
  qualifiedStatuses: z.array(z.string()).default([]),
  /** Whether a lead that is deleted in Marketo is to be forgotten in the hub too. */
  deletionsErase: z.boolean().default(false),
  /** The hub's share of what the instance may be asked. */
  limits: z
    .strictObject({
      callsIn20s: z.number().int().positive().default(50),
      concurrent: z.number().int().positive().default(5),
      daily: z.number().int().positive().default(50_000),
    })
    .prefault({}),
  /** The subscription's time zone, in which tokens without an offset are written. */
  timeZone: z.string().default('UTC'),
});
export type MarketoSettings = z.infer<typeof MarketoSettings>;
