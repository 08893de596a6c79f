import { countryCode } from '#connectors/kit/country.ts';
import { knownOnly } from '#connectors/kit/known.ts';
import type { PersonFacts, Subject } from '#core/events.ts';
import type { HubspotContext, HubspotSettings } from './credentials.ts';
import { type HubspotObject, readObject } from './objects.ts';
import { findOwner } from './owners.ts';

/** What the hub writes of a person; never the owner or the status, which are assigned. */
const WRITTEN = {
  email: 'email',
  firstName: 'firstname',
  lastName: 'lastname',
  title: 'jobtitle',
  phone: 'phone',
  company: 'company',
  website: 'website',
  country: 'country',
  region: 'state',
  industry: 'industry',
} as const satisfies Partial<Record<keyof PersonFacts, string>>;

/** What is read of a contact besides what is written. */
const READ = [
  'hs_country_region_code',
  'hubspot_owner_id',
  'hs_lead_status',
  'lifecyclestage',
  'hs_email_optout',
  'createdate',
  'recent_conversion_event_name',
  'hs_analytics_source',
  'hs_analytics_source_data_1',
  'hs_analytics_first_url',
  'hs_analytics_first_referrer',
];

/** The properties whose change is news of a person. */
export const FACT_PROPERTIES: ReadonlySet<string> = new Set(Object.values(WRITTEN));

/** The facts as contact properties; what is unknown is left out, so that nothing is blanked. */
export function contactProperties(
  facts: PersonFacts,
  email: string | undefined,
): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const [fact, property] of Object.entries(WRITTEN)) {
    const value = facts[fact as keyof typeof WRITTEN];
    if (value !== undefined && value !== '') properties[property] = value;
  }
  if (email !== undefined) properties['email'] = email;
  return properties;
}

export async function readContact(context: HubspotContext, id: string): Promise<HubspotObject> {
  const { needProperty, timelineProperty, selfReportedSourceProperty, reasonProperty } =
    context.settings;
  const chosen = [needProperty, timelineProperty, selfReportedSourceProperty, reasonProperty];
  const wanted = [...FACT_PROPERTIES, ...READ, ...chosen.filter((name) => name !== undefined)];
  return readObject(context, 'contacts', id, wanted);
}

/** What HubSpot knows of a person, the owner as an e-mail address where the owner is active. */
export async function contactFacts(
  context: HubspotContext,
  { properties }: HubspotObject,
): Promise<PersonFacts> {
  const ownerId = properties['hubspot_owner_id'];
  const owner = ownerId ? await findOwner(context, ({ id }) => id === ownerId) : undefined;
  return knownOnly({
    email: properties['email'],
    firstName: properties['firstname'],
    lastName: properties['lastname'],
    title: properties['jobtitle'],
    phone: properties['phone'],
    company: properties['company'],
    website: properties['website'],
    country: countryCode(properties['hs_country_region_code'] || properties['country'] || ''),
    region: properties['state'],
    industry: properties['industry'],
    owner: owner?.email ?? ownerId,
    status: properties['hs_lead_status'],
    unsubscribed: properties['hs_email_optout'] === 'true' ? true : undefined,
    customer: properties['lifecyclestage'] === 'customer' ? true : undefined,
    selfReportedSource: chosenValue(properties, context.settings.selfReportedSourceProperty),
  });
}

/** The value of a property that the settings name, if they name one and it says something. */
export function chosenValue(
  properties: HubspotObject['properties'],
  property: string | undefined,
): string | undefined {
  return (property === undefined ? undefined : properties[property]) || undefined;
}

/** A contact as the subject of an event. */
export function contactSubject(
  connection: string,
  id: string,
  email?: string | null | undefined,
): Subject {
  return { ...(email ? { email } : {}), external: [{ connection, kind: 'contact', id }] };
}

/** HubSpot's default options for the hub's status words. */
const STATUS = {
  assigned: 'NEW',
  accepted: 'OPEN',
  working: 'IN_PROGRESS',
  nurture: 'BAD_TIMING',
  disqualified: 'UNQUALIFIED',
} as const;

export function statusOf(settings: HubspotSettings, status: keyof typeof STATUS): string {
  return settings.statusMap[status] ?? STATUS[status];
}
