import * as z from 'zod';
import { OBJECT_TYPES } from './event.ts';

export const Subscriptions = z.object({
  results: z.array(
    z.object({
      eventType: z.string(),
      active: z.boolean(),
      propertyName: z.string().nullish(),
      objectTypeId: z.string().nullish(),
    }),
  ),
});
type Subscription = z.infer<typeof Subscriptions>['results'][number];

/** Without these the hub hears too late, by its streams, or never. */
const NEEDED = [
  'contact.creation',
  'contact.merge',
  'contact.privacyDeletion',
  'contact.propertyChange hubspot_owner_id',
  'contact.propertyChange hs_lead_status',
  'contact.propertyChange lifecyclestage',
  'contact.propertyChange recent_conversion_date',
  'deal.creation',
  'deal.propertyChange dealstage',
  'deal.associationChange',
  'task.propertyChange hs_task_status',
];

/** What the hub needs to hear and is not subscribed to, under whichever of its two names. */
export function missingSubscriptions(subscriptions: readonly Subscription[]): string[] {
  const heard = new Set(subscriptions.filter(({ active }) => active).map(nameOf));
  return NEEDED.filter((name) => !heard.has(name));
}

function nameOf({ eventType, propertyName, objectTypeId }: Subscription): string {
  const type = OBJECT_TYPES[objectTypeId ?? ''] ?? 'object';
  const name = eventType.replace(/^object\./, `${type}.`);
  return propertyName ? `${name} ${propertyName}` : name;
}
