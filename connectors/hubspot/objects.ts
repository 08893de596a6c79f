import * as z from 'zod';
import type { HubspotContext } from './credentials.ts';
import { pathOf } from './paths.ts';

/** A record as the object API answers it, whatever its type. */
export const HubspotObject = z.object({
  id: z.string(),
  properties: z.record(z.string(), z.string().nullish()),
  propertiesWithHistory: z
    .record(
      z.string(),
      z.array(
        z.object({
          value: z.string().nullish(),
          timestamp: z.string(),
          sourceType: z.string().nullish(),
          sourceId: z.string().nullish(),
        }),
      ),
    )
    .nullish(),
});
export type HubspotObject = z.infer<typeof HubspotObject>;

export type ObjectName = 'contacts' | 'companies' | 'deals' | 'tickets' | 'tasks' | 'notes';

/** The path of a kind of record, or of one record of that kind. */
export function objectPath(context: HubspotContext, name: ObjectName, id?: string): string {
  const base = `${pathOf(context.settings, 'objects')}/${name}`;
  return id === undefined ? base : `${base}/${encodeURIComponent(id)}`;
}

/** https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide */
export async function readObject(
  context: HubspotContext,
  name: ObjectName,
  id: string,
  properties: readonly string[],
): Promise<HubspotObject> {
  const { data } = await context.http.get(objectPath(context, name, id), {
    params: { properties: properties.join(',') },
  });
  return HubspotObject.parse(data);
}

/**
 * Several records at once, with the history of some properties if that is asked for; those that
 * are gone are left out, and so are those that were merged away.
 */
export async function readObjects(
  context: HubspotContext,
  name: ObjectName,
  ids: readonly string[],
  properties: readonly string[],
  propertiesWithHistory: readonly string[] = [],
): Promise<HubspotObject[]> {
  const { batch, historyBatch } = context.settings.limits;
  const most = propertiesWithHistory.length > 0 ? historyBatch : batch;
  const found: HubspotObject[] = [];
  for (let start = 0; start < ids.length; start += most) {
    const { data } = await context.http.post(`${objectPath(context, name)}/batch/read`, {
      properties,
      propertiesWithHistory,
      inputs: ids.slice(start, start + most).map((id) => ({ id })),
    });
    found.push(...z.object({ results: z.array(HubspotObject) }).parse(data).results);
  }
  return found;
}

/** Changes properties of a record; an empty text clears a property. */
export async function patchObject(
  context: HubspotContext,
  name: ObjectName,
  id: string,
  properties: Readonly<Record<string, string>>,
): Promise<HubspotObject> {
  const { data } = await context.http.patch(objectPath(context, name, id), { properties });
  return HubspotObject.parse(data);
}

/** Associations that HubSpot itself defines, by their type ids. */
export const ASSOCIATION = {
  noteToContact: 202,
  noteToDeal: 214,
  noteToCompany: 190,
  taskToContact: 204,
  taskToDeal: 216,
  dealToContact: 3,
  dealToPrimaryCompany: 5,
} as const;

export interface AssociationTo {
  readonly id: string;
  readonly typeId: (typeof ASSOCIATION)[keyof typeof ASSOCIATION];
}

/** Makes a record that hangs on others from the first moment, and answers its id. */
export async function createObject(
  context: HubspotContext,
  name: ObjectName,
  properties: Readonly<Record<string, string>>,
  associations: readonly AssociationTo[],
): Promise<string> {
  const { data } = await context.http.post(objectPath(context, name), {
    properties,
    // The specification wants the member even when it is empty, and ids as text.
    associations: associations.map(({ id, typeId }) => ({
      to: { id },
      types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: typeId }],
    })),
  });
  return HubspotObject.parse(data).id;
}
