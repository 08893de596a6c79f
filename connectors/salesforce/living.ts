import * as z from 'zod';
import { isHubError } from '#core/errors.ts';
import type { VendorRecord } from '#core/operations.ts';
import type { SalesforceContext } from './credentials.ts';
import { type Fields, patchRecord, sObjectOf } from './records.ts';
import { query, raw, soql } from './soql.ts';

/** A record may be merged, then converted, then merged again; more than this is a circle. */
const MOST_MOVES = 5;

/**
 * Does something to a person's record, and when that was converted or merged away, to what it
 * became. The way is asked for only after a refusal, because most records are where they were.
 */
export async function withLiving<T>(
  context: SalesforceContext,
  record: VendorRecord,
  act: (living: VendorRecord) => Promise<T>,
): Promise<T> {
  let living = record;
  for (let moves = 0; ; moves += 1) {
    try {
      return await act(living);
    } catch (error) {
      const next = moves < MOST_MOVES ? await movedTo(context, living, error) : undefined;
      if (next === undefined) throw error;
      living = next;
    }
  }
}

/** Writes to a person's record, wherever it went. Answers the record that was written. */
export async function writePerson(
  context: SalesforceContext,
  record: VendorRecord,
  fields: (sObject: 'Lead' | 'Contact') => Fields,
): Promise<VendorRecord> {
  return withLiving(context, record, async (living) => {
    const sObject = sObjectOf(living);
    await patchRecord(context, sObject, living.id, fields(sObject));
    return living;
  });
}

async function movedTo(
  context: SalesforceContext,
  record: VendorRecord,
  error: unknown,
): Promise<VendorRecord | undefined> {
  if (!isHubError(error, 'data') || !['lead', 'contact'].includes(record.kind)) return undefined;
  if (error.code === 'salesforce_lead_converted') return convertedContact(context, record.id);
  if (error.code === 'salesforce_record_not_found') return mergedInto(context, record);
  return undefined;
}

const Conversion = z.object({ IsConverted: z.boolean(), ConvertedContactId: z.string().nullish() });

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

/** Where a merge moved a record to; the loser is only found among the deleted. */
export async function mergedInto(
  context: SalesforceContext,
  record: VendorRecord,
): Promise<VendorRecord | undefined> {
  const row = z.object({ MasterRecordId: z.string().nullish() });
  const table = raw(sObjectOf(record));
  const text = soql`SELECT MasterRecordId FROM ${table} WHERE Id = ${record.id}`;
  const [deleted] = await query(context, row, text, true);
  return deleted?.MasterRecordId ? { ...record, id: deleted.MasterRecordId } : undefined;
}
