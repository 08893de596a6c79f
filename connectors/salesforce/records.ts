import * as z from 'zod';
import { HubError, isHubError } from '#core/errors.ts';
import type { VendorRecord } from '#core/operations.ts';
import type { SalesforceContext, SalesforceSettings } from './credentials.ts';
import { query, soql } from './soql.ts';

export type Fields = Readonly<Record<string, string | number | boolean | null>>;

/** Ids begin with what they are the id of. */
const PREFIXES: Record<string, string> = { '00Q': 'lead', '003': 'contact', '00T': 'task' };

/** The kind of record that an id names; `undefined` if it is none that the hub handles. */
export function kindOf(id: string): string | undefined {
  return PREFIXES[id.slice(0, 3)];
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

/** Makes the change event of a write carry who wrote, and keeps assignment rules from overruling the owner. */
function writeHeaders({ clientName }: SalesforceSettings): Record<string, string> {
  return {
    'Sforce-Call-Options': `client=${clientName}`,
    'Sforce-Auto-Assign': 'FALSE',
  };
}

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_update_fields.htm */
export async function patchRecord(
  context: SalesforceContext,
  sObject: string,
  id: string,
  fields: Fields,
): Promise<void> {
  if (Object.keys(fields).length === 0) return;
  await context.http.patch(`/sobjects/${sObject}/${encodeURIComponent(id)}`, fields, {
    headers: writeHeaders(context.settings),
  });
}

const Upserted = z.object({ id: z.string(), created: z.boolean() });

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_upsert.htm */
export async function upsertRecord(
  context: SalesforceContext,
  sObject: string,
  key: { field: string; value: string },
  fields: Fields,
): Promise<z.infer<typeof Upserted>> {
  const path = `/sobjects/${sObject}/${key.field}/${encodeURIComponent(key.value)}`;
  const { data } = await context.http.patch(path, fields, {
    headers: writeHeaders(context.settings),
  });
  return Upserted.parse(data);
}

const Conversion = z.object({ IsConverted: z.boolean(), ConvertedContactId: z.string().nullish() });

/**
 * Writes to a person's record, and to the contact it became where a lead was converted: converted
 * leads are read-only. Answers the record that was written.
 */
export async function writePerson(
  context: SalesforceContext,
  record: VendorRecord,
  fields: (sObject: 'Lead' | 'Contact') => Fields,
): Promise<VendorRecord> {
  const sObject = sObjectOf(record);
  try {
    await patchRecord(context, sObject, record.id, fields(sObject));
    return record;
  } catch (error) {
    const contact = isConverted(error) ? await convertedContact(context, record.id) : undefined;
    if (contact === undefined) throw error;
    await patchRecord(context, 'Contact', contact.id, fields('Contact'));
    return contact;
  }
}

export function isConverted(error: unknown): boolean {
  return isHubError(error, 'data') && error.code === 'salesforce_lead_converted';
}

/** The contact that a lead became, or `undefined`. */
export async function convertedContact(
  context: SalesforceContext,
  leadId: string,
): Promise<VendorRecord | undefined> {
  const text = soql`SELECT IsConverted, ConvertedContactId FROM Lead WHERE Id = ${leadId}`;
  const [lead] = await query(context, Conversion, text);
  const id = lead?.IsConverted ? lead.ConvertedContactId : undefined;
  return id ? { kind: 'contact', id } : undefined;
}
