import { countryCode } from '#connectors/kit/country.ts';
import { knownOnly } from '#connectors/kit/known.ts';
import type { PersonFacts, Subject } from '#core/events.ts';
import type { HubspotContext } from './credentials.ts';
import type { HubspotObject } from './objects.ts';
import { findOwner } from './owners.ts';
import type { HubspotSettings } from './settings.ts';

/** What the hub writes of a person; never the owner or the status, which are assigned. */
export const WRITTEN = {
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
  'zip',
  'city',
  'associatedcompanyid',
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

type Fact = keyof typeof WRITTEN;

/** Where this portal keeps each fact. */
function fieldsOf({ fields }: Pick<HubspotSettings, 'fields'>): Readonly<Record<Fact, string>> {
  return { ...WRITTEN, ...knownOnly(fields) };
}

/** The properties whose change is news of a person. */
export function factProperties(settings: Pick<HubspotSettings, 'fields'>): ReadonlySet<string> {
  return new Set(Object.values(fieldsOf(settings)));
}

/** The facts as contact properties; what is unknown is left out, so that nothing is blanked. */
export function contactProperties(
  settings: Pick<HubspotSettings, 'fields'>,
  facts: PersonFacts,
  email: string | undefined,
): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const [fact, property] of Object.entries(fieldsOf(settings))) {
    const value = facts[fact as Fact];
    if (value !== undefined && value !== '') properties[property] = value;
  }
  if (email !== undefined) properties['email'] = email;
  return properties;
}

/** The properties of a contact that the hub understands. */
export function contactReads(settings: HubspotSettings): string[] {
  const { needProperty, timelineProperty, selfReportedSourceProperty } = settings;
  const { reasonProperty, namedDateProperty } = settings;
  const chosen = [
    ...[needProperty, timelineProperty, selfReportedSourceProperty],
    ...[reasonProperty, namedDateProperty],
  ];
  const named = chosen.filter((name) => name !== undefined);
  return [...new Set([...factProperties(settings), ...READ, ...named])];
}

/** What HubSpot knows of a person, the owner as an e-mail address where the owner is active. */
export async function contactFacts(
  context: HubspotContext,
  { properties }: HubspotObject,
): Promise<PersonFacts> {
  const ownerId = properties['hubspot_owner_id'];
  const owner = ownerId ? await findOwner(context, ({ id }) => id === ownerId) : undefined;
  const field = fieldsOf(context.settings);
  const read = (fact: Fact) => properties[field[fact]];
  return knownOnly({
    email: read('email'),
    firstName: read('firstName'),
    lastName: read('lastName'),
    title: read('title'),
    phone: read('phone'),
    company: read('company'),
    website: read('website'),
    country: countryCode(properties['hs_country_region_code'] || read('country') || ''),
    region: read('region'),
    postcode: properties['zip'],
    city: properties['city'],
    industry: read('industry'),
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

/** The company that HubSpot has a contact with first of all. */
export function companyRefs(connection: string, { properties }: HubspotObject) {
  const id = properties['associatedcompanyid'];
  return id ? [{ connection, kind: 'company', id }] : [];
}

/** HubSpot's default options for the hub's status words. */
export const STATUS = {
  assigned: 'NEW',
  accepted: 'OPEN',
  working: 'IN_PROGRESS',
  nurture: 'BAD_TIMING',
  disqualified: 'UNQUALIFIED',
} as const;

export function statusOf(settings: HubspotSettings, status: keyof typeof STATUS): string {
  return settings.statusMap[status] ?? STATUS[status];
}
