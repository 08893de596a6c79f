import * as z from 'zod';
import type { OperationContext } from '#connectors/kit/connector.ts';
import { PersonFacts, TouchKind } from '#core/events.ts';

/** From Admin → LaunchPoint (client id and secret) and from the webhook's own header. */
export const MarketoCredentials = z.strictObject({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  /** Marketo signs nothing: the secret that its webhooks carry in a header of their own. */
  webhookToken: z.string().min(16),
});
export type MarketoCredentials = z.infer<typeof MarketoCredentials>;

/** What a webhook's event name may mean. */
export const MarketoMeaning = z.union([z.enum(['mql', 'unsubscribed', 'ignore']), TouchKind]);
export type MarketoMeaning = z.infer<typeof MarketoMeaning>;

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
  industry: 'industry',
  employees: 'numberOfEmployees',
  status: 'leadStatus',
  unsubscribed: 'unsubscribed',
};

const headerName = z.string().toLowerCase();

export const MarketoSettings = z.strictObject({
  /** Both from Admin → Web Services, without a trailing slash. */
  identityUrl: z.url(),
  restUrl: z.url(),
  tokenHeader: headerName.default('x-hub-token'),
  eventHeader: headerName.default('x-hub-event'),
  dedupeHeader: headerName.default('x-mkto-event'),
  /** Event names of this instance, beside `mql`, `unsubscribed` and the kinds of touches. */
  events: z.record(z.string(), MarketoMeaning).default({}),
  /** The names that the playbook gives to static lists, and their ids. */
  lists: z.record(z.string(), z.string().regex(/^\d+$/)).default({}),
  /** Facts kept in other fields than the standard ones; an empty name keeps a fact out of Marketo. */
  fields: z
    .partialRecord(PersonFacts.keyof(), z.string())
    .default({})
    .transform((own): Readonly<Record<string, string>> => ({ ...STANDARD_FIELDS, ...own })),
  /** The subscription's time zone, in which tokens without an offset are written. */
  timeZone: z.string().default('UTC'),
});
export type MarketoSettings = z.infer<typeof MarketoSettings>;

export type MarketoContext = OperationContext<MarketoCredentials, MarketoSettings>;
