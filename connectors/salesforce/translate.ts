import type { TranslatedEvent } from '#core/events.ts';
import { isEcho, type News, SalesforceChange } from './change.ts';
import type { SalesforceContext } from './credentials.ts';
import { changesAround } from './streams.ts';
import { accountChanged } from './translate-account.ts';
import { opportunityChanged, roleChanged } from './translate-opportunity.ts';
import { contactChanged, leadChanged } from './translate-person.ts';
import { taskChanged } from './translate-task.ts';

type Translation = (
  change: SalesforceChange,
  news: News,
  context: SalesforceContext,
) => Promise<TranslatedEvent[]>;

/** The objects that the hub follows; a change of any other is of no interest. */
const TRANSLATIONS: Record<string, Translation> = {
  Lead: leadChanged,
  Contact: contactChanged,
  Account: accountChanged,
  Task: taskChanged,
  Opportunity: opportunityChanged,
  OpportunityContactRole: roleChanged,
};

/** Turns one change into canonical events; none for what the hub itself did. */
export async function translateChange(
  change: SalesforceChange,
  sourceId: string,
  context: SalesforceContext,
): Promise<TranslatedEvent[]> {
  if (change.kind === 'OVERFLOW') return resynced(change, context);
  const translation = TRANSLATIONS[change.entity];
  if (translation === undefined || isEcho(change, context.settings)) return [];
  return translation(change, { at: change.at, sourceId }, context);
}

/**
 * What an overflow swallowed, read through the stream of the entity. Its rows have the keys that
 * they have in the stream, which goes on to read what is more than one envelope should hold.
 */
async function resynced(
  { entity, at }: SalesforceChange,
  context: SalesforceContext,
): Promise<TranslatedEvent[]> {
  const events: TranslatedEvent[] = [];
  for await (const { dedupeKey, body } of changesAround(context, entity, new Date(at))) {
    events.push(...(await translateChange(SalesforceChange.parse(body), dedupeKey, context)));
  }
  return events;
}
