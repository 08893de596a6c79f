import * as z from 'zod';
import type { HubspotContext } from './credentials.ts';
import { pathsOf } from './paths.ts';

/** A record as the object API answers it, whatever its type. */
export const HubspotObject = z.object({
  id: z.string(),
  properties: z.record(z.string(), z.string().nullish()),
});
export type HubspotObject = z.infer<typeof HubspotObject>;

export type ObjectName = 'contacts' | 'deals' | 'tasks' | 'notes';

/** The path of a kind of record, or of one record of that kind. */
export function objectPath(context: HubspotContext, name: ObjectName, id?: string): string {
  const base = `${pathsOf(context.settings).objects}/${name}`;
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

/** Several records at once; those that are gone are left out. At most 100 ids. */
export async function readObjects(
  context: HubspotContext,
  name: ObjectName,
  ids: readonly string[],
  properties: readonly string[],
): Promise<HubspotObject[]> {
  const { data } = await context.http.post(`${objectPath(context, name)}/batch/read`, {
    properties,
    inputs: ids.map((id) => ({ id })),
  });
  return z.object({ results: z.array(HubspotObject) }).parse(data).results;
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
export const ASSOCIATION = { taskToContact: 204, noteToContact: 202 } as const;

/** Makes a record that hangs on a contact from the first moment, and answers its id. */
export async function createForContact(
  context: HubspotContext,
  name: ObjectName,
  contactId: string,
  associationTypeId: number,
  properties: Readonly<Record<string, string>>,
): Promise<string> {
  const { data } = await context.http.post(objectPath(context, name), {
    properties,
    associations: [
      {
        to: { id: contactId },
        types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }],
      },
    ],
  });
  return HubspotObject.parse(data).id;
}
