import * as z from 'zod';

const Id = z.union([z.number(), z.string()]).transform(String);

/** One event of a batch: only what is relied on. */
export const HubspotEvent = z
  .object({
    eventId: Id,
    portalId: z.number(),
    occurredAt: z.number(),
    // One official example and the field table say `eventType`, live payloads `subscriptionType`.
    subscriptionType: z.string().optional(),
    eventType: z.string().optional(),
    objectTypeId: z.string().optional(),
    objectId: Id.optional(),
    propertyName: z.string().optional(),
    propertyValue: z.string().nullish(),
    changeSource: z.string().optional(),
    sourceId: z.string().optional(),
    primaryObjectId: Id.optional(),
    mergedObjectIds: z.array(Id).optional(),
    newObjectId: Id.optional(),
    fromObjectId: Id.optional(),
    toObjectId: Id.optional(),
    associationType: z.string().optional(),
    associationRemoved: z.boolean().optional(),
  })
  .transform(({ eventType, subscriptionType, ...event }, check) => {
    const type = subscriptionType ?? eventType;
    if (type === undefined) {
      check.addIssue('neither subscriptionType nor eventType is there');
      return z.NEVER;
    }
    const [object = '', change = ''] = type.split('.');
    const objectType = object === 'object' ? objectTypeOf(event.objectTypeId) : object;
    return { ...event, type, objectType, change };
  });
export type HubspotEvent = z.infer<typeof HubspotEvent>;

/** Names of the object types whose events the current platform sends as `object.*`. */
const OBJECT_TYPES: Record<string, string> = {
  '0-1': 'contact',
  '0-2': 'company',
  '0-3': 'deal',
  '0-27': 'task',
};

function objectTypeOf(id: string | undefined): string {
  return OBJECT_TYPES[id ?? ''] ?? id ?? 'object';
}

/** What every canonical event that comes out of one HubSpot event has in common. */
export interface News {
  readonly at: string;
  readonly sourceId: string;
}
