import type { OpportunityFacts } from '#connectors/kit/offered-verbs.ts';
import type { TranslatedEvent } from '#core/events.ts';
import { type News, type SalesforceChange, textOf } from './change.ts';
import type { SalesforceContext } from './credentials.ts';
import { type FoundOpportunity, findOpportunities, opportunityOf } from './opportunities.ts';
import { findLead, findPerson, type Person, subjectOf } from './people.ts';
import { soql } from './soql.ts';

const NEWSWORTHY = ['StageName', 'Amount', 'IsWon', 'IsClosed'];

/** An opportunity was opened, moved or re-priced. */
export async function opportunityChanged(
  change: SalesforceChange,
  news: News,
  context: SalesforceContext,
): Promise<TranslatedEvent[]> {
  const isOther =
    change.kind === 'UPDATE' && !change.changed.some((field) => NEWSWORTHY.includes(field));
  if (change.kind === 'DELETE' || isOther) return [];
  const found =
    change.whole === true
      ? opportunityOf(change.fields, context.settings)
      : await findOne(change.recordId, context);
  return told(found, news, context);
}

async function findOne(id: string, context: SalesforceContext) {
  const [found] = await findOpportunities(context, soql`Id = ${id}`);
  return found;
}

/** Somebody got a role in an opportunity, which was about nobody before. */
export async function roleChanged(
  change: SalesforceChange,
  news: News,
  context: SalesforceContext,
): Promise<TranslatedEvent[]> {
  const opportunityId = textOf(change, 'OpportunityId');
  if (change.kind !== 'CREATE' || opportunityId === undefined) return [];
  return told(await findOne(opportunityId, context), news, context);
}

async function told(
  found: FoundOpportunity | undefined,
  news: News,
  context: SalesforceContext,
): Promise<TranslatedEvent[]> {
  const person = found === undefined ? undefined : await personBehind(found.facts, context);
  // Without a person there is nobody to tell this of; a role that comes later brings it back.
  if (found === undefined || person === undefined) return [];
  const { contacts: _, closeDate: __, id: opportunityId, ...facts } = found.facts;
  const ref = { connection: context.connection, kind: 'opportunity', id: opportunityId };
  return [
    {
      ...news,
      type: 'opportunity.changed',
      subject: subjectOf(context.connection, person),
      opportunity: { ref, ...facts, ...(found.owner !== undefined && { owner: found.owner }) },
    },
  ];
}

/** The primary contact, or the lead whose conversion made the opportunity. */
async function personBehind(
  { id, contacts: [contactId] }: OpportunityFacts,
  context: SalesforceContext,
): Promise<Person | undefined> {
  if (contactId !== undefined) return findPerson(context, { kind: 'contact', id: contactId });
  return findLead(context, soql`ConvertedOpportunityId = ${id}`);
}
