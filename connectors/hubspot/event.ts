import * as z from 'zod';
import { contentHash } from '#connectors/kit/signatures.ts';

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
    changeSource: z.string().nullish(),
    sourceId: z.string().nullish(),
    primaryObjectId: Id.optional(),
    mergedObjectIds: z.array(Id).optional(),
    newObjectId: Id.optional(),
    fromObjectId: Id.optional(),
    toObjectId: Id.optional(),
    fromObjectTypeId: z.string().optional(),
    toObjectTypeId: z.string().optional(),
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
    const typeId = event.objectTypeId ?? event.fromObjectTypeId;
    const objectType = object === 'object' ? objectTypeOf(typeId) : object;
    return { ...event, type, objectType, change };
  });
export type HubspotEvent = z.infer<typeof HubspotEvent>;

/** What the webhook action of a workflow sends: the record as the object API answers it. */
export const WorkflowCall = z.object({
  kind: z.literal('workflow'),
  portalId: z.number(),
  /** The name of the record's type, such as `contact`. */
  objectType: z.string(),
  objectId: z.string(),
  /** The workflow's name, as its address gives it. */
  workflow: z.string(),
  /** What its author says that it means. */
  means: z.string().optional(),
  /** When the record was changed, if the record tells. */
  at: z.string().optional(),
});
export type WorkflowCall = z.infer<typeof WorkflowCall>;

/** A record of the object API, in whatever of its versions. */
const SentRecord = z.object({
  id: Id.optional(),
  objectId: Id.optional(),
  vid: Id.optional(),
  objectTypeId: z.string().optional(),
  portalId: z.number().optional(),
  'portal-id': z.number().optional(),
  updatedAt: z.iso.datetime({ offset: true }).optional().catch(undefined),
});

/**
 * Reads the record that a workflow sent to an address. The address says what the body does not:
 * `object` (a contact unless it says more), `workflow` and `means`. Answers what is wrong if it
 * can't be read.
 */
export function readWorkflowCall(
  body: object,
  address: string,
  portalId: number,
): WorkflowCall | string {
  const sent = SentRecord.safeParse(body);
  const objectId = sent.data?.objectId ?? sent.data?.id ?? sent.data?.vid;
  if (sent.data === undefined || objectId === undefined)
    return 'the record of the workflow has no id';
  const query = new URL(address, 'https://hub.invalid').searchParams;
  const named = query.get('object') ?? undefined;
  const means = query.get('means') ?? undefined;
  return {
    kind: 'workflow',
    portalId: sent.data.portalId ?? sent.data['portal-id'] ?? portalId,
    objectType:
      named ?? (sent.data.objectTypeId ? objectTypeOf(sent.data.objectTypeId) : 'contact'),
    objectId,
    workflow: query.get('workflow') ?? 'workflow',
    ...(means === undefined ? {} : { means }),
    ...(sent.data.updatedAt === undefined ? {} : { at: sent.data.updatedAt }),
  };
}

/** The key of a workflow's call: the same record in the same state is the same call. */
export function workflowKey(call: WorkflowCall, body: Uint8Array): string {
  return [call.portalId, call.objectId, call.workflow, contentHash(body)].join(':');
}

/** Names of the object types whose events the current platform sends as `object.*`. */
export const OBJECT_TYPES: Readonly<Record<string, string>> = {
  '0-1': 'contact',
  '0-2': 'company',
  '0-3': 'deal',
  '0-5': 'ticket',
  '0-27': 'task',
};

function objectTypeOf(id: string | undefined): string {
  return OBJECT_TYPES[id ?? ''] ?? id ?? 'object';
}

/** The type of the other end of an association, however the event names it. */
export function associatedWith(event: HubspotEvent): string | undefined {
  if (event.toObjectTypeId !== undefined) return objectTypeOf(event.toObjectTypeId);
  return /_TO_([A-Z]+)/.exec(event.associationType ?? '')?.[1]?.toLowerCase();
}

/** What HubSpot sends in place of the value of a sensitive property. */
const REDACTED = 'REDACTED';

/** The new value of a property: of a sensitive one, what the record itself has. */
export function newValue(
  event: HubspotEvent,
  properties: Readonly<Record<string, string | null | undefined>>,
): string {
  if (event.propertyValue !== REDACTED) return event.propertyValue ?? '';
  return properties[event.propertyName ?? ''] ?? '';
}

/** What every canonical event that comes out of one HubSpot event has in common. */
export interface News {
  readonly at: string;
  readonly sourceId: string;
}
