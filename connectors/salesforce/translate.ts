import type { TranslatedEvent } from '#core/events.ts';
import { isEcho, type News, type SalesforceChange } from './change.ts';
import type { SalesforceContext } from './credentials.ts';
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
  const translation = TRANSLATIONS[change.entity];
  if (translation === undefined || isEcho(change, context.settings)) return [];
  return translation(change, { at: change.at, sourceId }, context);
}
