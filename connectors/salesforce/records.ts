import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import type { VendorRecord } from '#core/operations.ts';
import type { SalesforceContext } from './credentials.ts';
import { PASS_ALERTS, writeHeaders } from './write-headers.ts';

export type Fields = Readonly<Record<string, string | number | boolean | null>>;

/** Ids begin with what they are the id of. */
const PREFIXES: Record<string, { kind: string; entity: string }> = {
  '00Q': { kind: 'lead', entity: 'Lead' },
  '003': { kind: 'contact', entity: 'Contact' },
  '00T': { kind: 'task', entity: 'Task' },
  '001': { kind: 'account', entity: 'Account' },
  '006': { kind: 'opportunity', entity: 'Opportunity' },
};

/** The kind of record that an id names; `undefined` if it is none that the hub handles. */
export function kindOf(id: string): string | undefined {
  return PREFIXES[id.slice(0, 3)]?.kind;
}

/** The sObject that an id belongs to; `undefined` if it is none that the hub handles. */
export function entityOf(id: string): string | undefined {
  return PREFIXES[id.slice(0, 3)]?.entity;
}

/** Salesforce writes the same id with 15 and with 18 characters. */
export function sameId(left: string | undefined | null, right: string | undefined): boolean {
  return !!left && !!right && left.slice(0, 15) === right.slice(0, 15);
}

export function recordOf(id: string): VendorRecord {
  return { kind: kindOf(id) ?? 'lead', id };
}

/** The sObject of a person's record. Throws `data` for any other kind. */
export function sObjectOf(record: VendorRecord): 'Lead' | 'Contact' {
  if (record.kind === 'lead') return 'Lead';
  if (record.kind === 'contact') return 'Contact';
  throw new HubError(
    'data',
    'salesforce_record_refused',
    `A person in Salesforce is a lead or a contact, not a '${record.kind}'.`,
  );
}

/** The resource of one record. */
export function pathOf(sObject: string, id: string): string {
  return `/sobjects/${sObject}/${encodeURIComponent(id)}`;
}

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_update_fields.htm */
export async function patchRecord(
  context: SalesforceContext,
  sObject: string,
  id: string,
  fields: Fields,
): Promise<void> {
  if (Object.keys(fields).length === 0) return;
  await context.http.patch(pathOf(sObject, id), fields, {
    headers: { ...writeHeaders(context.settings), ...PASS_ALERTS },
  });
}

export const Upserted = z.object({ id: z.string(), created: z.boolean() });

/** The resource of the record that has this external id, or will have it. */
export function keyPath(sObject: string, key: { field: string; value: string }): string {
  return `/sobjects/${sObject}/${key.field}/${encodeURIComponent(key.value)}`;
}

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_upsert.htm */
export async function upsertRecord(
  context: SalesforceContext,
  sObject: string,
  key: { field: string; value: string },
  fields: Fields,
): Promise<z.infer<typeof Upserted>> {
  const { data, status } = await context.http.patch(keyPath(sObject, key), fields, {
    headers: writeHeaders(context.settings),
  });
  if (status !== NO_CONTENT) return Upserted.parse(data);
  return { id: await idByKey(context, sObject, key), created: false };
}

/** Versions before 46 tell of an update nothing but that it happened. */
const NO_CONTENT = 204;

async function idByKey(
  context: SalesforceContext,
  sObject: string,
  key: { field: string; value: string },
): Promise<string> {
  const { data } = await context.http.get(keyPath(sObject, key), { params: { fields: 'Id' } });
  return z.object({ Id: z.string() }).parse(data).Id;
}
