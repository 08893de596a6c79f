import { countryCode } from '#connectors/kit/country.ts';
import { knownOnly } from '#connectors/kit/known.ts';
import type { TranslatedEvent } from '#core/events.ts';
import type { HubspotEvent, News } from './event.ts';
import { findOwner } from './owners.ts';
import { type Reading, readForNews } from './reader.ts';

export const COMPANY_PROPERTIES = [
  'name',
  'domain',
  'hubspot_owner_id',
  'industry',
  'numberofemployees',
  'lifecyclestage',
  'phone',
  'country',
  'state',
  'zip',
  'city',
] as const;

/** A company came, changed, was merged or brought back. */
export async function companyChanged(
  event: HubspotEvent,
  news: News,
  context: Reading,
): Promise<TranslatedEvent[]> {
  const isOther =
    event.change === 'propertyChange' &&
    !COMPANY_PROPERTIES.some((name) => name === event.propertyName);
  const id =
    event.change === 'merge' ? (event.newObjectId ?? event.primaryObjectId) : event.objectId;
  return isOther || id === undefined ? [] : companySent({ id }, news, context);
}

/** How a company stands now. Accounts are known by their domain: one without it is none yet. */
export async function companySent(
  { id }: { readonly id: string },
  news: News,
  context: Reading,
): Promise<TranslatedEvent[]> {
  const { properties } = await readForNews(context, 'companies', id, COMPANY_PROPERTIES);
  const domain = properties['domain'];
  if (!domain) return [];
  const ownerId = properties['hubspot_owner_id'];
  const owner = ownerId ? await findOwner(context, (one) => one.id === ownerId) : undefined;
  const employees = Number.parseInt(properties['numberofemployees'] ?? '', 10);
  const account = knownOnly({
    name: properties['name'],
    domain,
    owner: owner?.email,
    industry: properties['industry'],
    employees: Number.isFinite(employees) ? employees : undefined,
    phone: properties['phone'],
    country: countryCode(properties['country'] ?? ''),
    region: properties['state'],
    postcode: properties['zip'],
    city: properties['city'],
    customer: properties['lifecyclestage'] === 'customer' ? true : undefined,
  });
  // A company is nobody: whom its own name leads to are all of its people, and none of them.
  const external = [{ connection: context.connection, kind: 'company', id }];
  return [{ ...news, type: 'account.changed', subject: { external }, account }];
}
