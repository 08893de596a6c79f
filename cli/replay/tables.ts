import { access } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { shown } from '#cli/config.ts';
import { HubError } from '#core/errors.ts';

const Day = z.iso.date();

/** The tables of a leadforge data set that tell what happened, with the columns that say it. */
const TABLES = {
  accounts: z.object({
    account_id: z.string(),
    company_name: z.string(),
    industry: z.string(),
    region: z.string(),
    employee_band: z.string(),
  }),
  contacts: z.object({
    contact_id: z.string(),
    job_title: z.string(),
    email_domain_type: z.string(),
  }),
  leads: z.object({
    lead_id: z.string(),
    contact_id: z.string(),
    account_id: z.string(),
    lead_created_at: Day,
    lead_source: z.string(),
    owner_rep_id: z.string(),
  }),
  touches: z.object({
    touch_id: z.string(),
    lead_id: z.string(),
    touch_timestamp: Day,
    touch_type: z.enum(['call', 'email', 'webinar', 'linkedin_message', 'content_download']),
    touch_direction: z.enum(['inbound', 'outbound']),
  }),
  sessions: z.object({
    session_id: z.string(),
    lead_id: z.string(),
    session_timestamp: Day,
    session_type: z.string(),
  }),
  sales_activities: z.object({
    activity_id: z.string(),
    lead_id: z.string(),
    rep_id: z.string(),
    activity_timestamp: Day,
    activity_type: z.enum(['call', 'email', 'meeting', 'demo']),
    activity_outcome: z.string(),
  }),
  opportunities: z.object({
    opportunity_id: z.string(),
    lead_id: z.string(),
    created_at: Day,
    stage: z.string(),
    estimated_acv: z.coerce.number(),
    close_outcome: z.enum(['closed_won', 'closed_lost']).nullish(),
    closed_at: Day.nullish(),
  }),
} as const;

type TableName = keyof typeof TABLES;
export type Row<Name extends TableName> = z.infer<(typeof TABLES)[Name]>;
export type Tables = { readonly [Name in TableName]: readonly Row<Name>[] };

/** Whether a folder holds such a data set. */
export async function hasTables(folder: string): Promise<boolean> {
  return access(join(folder, 'leads.parquet')).then(
    () => true,
    () => false,
  );
}

/** Reads a data set from its Parquet files, parsed. Throws a HubError `config` where there is none, `data` where it is another. */
export async function readTables(folder: string): Promise<Tables> {
  const names = Object.keys(TABLES) as TableName[];
  const read = await Promise.all(names.map(async (name) => [name, await readTable(folder, name)]));
  return Object.fromEntries(read) as Tables;
}

async function readTable(folder: string, name: TableName): Promise<unknown[]> {
  const path = join(folder, `${name}.parquet`);
  const rows = await parquetRows(path);
  const parsed = z.array(TABLES[name]).safeParse(rows);
  if (parsed.success) return parsed.data;
  const fields = [...new Set(parsed.error.issues.map((issue) => String(issue.path[1] ?? 'row')))];
  throw new HubError(
    'data',
    'history_unreadable',
    `${shown(path)} is no table of a leadforge data set: look at ${fields.join(', ')}.`,
  );
}

async function parquetRows(path: string): Promise<unknown[]> {
  const { asyncBufferFromFile, parquetReadObjects, compressors } = await parquetReader();
  try {
    return await parquetReadObjects({ file: await asyncBufferFromFile(path), compressors });
  } catch (cause) {
    throw new HubError(
      'config',
      'history_missing',
      `${shown(path)} can't be read as Parquet. Name the folder of a leadforge data set.`,
      { cause },
    );
  }
}

/** Only needed here, and seldom. Where it is not installed the command line must start all the same. */
async function parquetReader() {
  const [reader, { compressors }] = await Promise.all([
    import('hyparquet').catch(notInstalled),
    import('hyparquet-compressors').catch(notInstalled),
  ]);
  return { ...reader, compressors };
}

function notInstalled(cause: unknown): never {
  throw new HubError(
    'config',
    'parquet_missing',
    'The reader of Parquet files is not installed. Run `npm install` in the checkout, without leaving out what is for development.',
    { cause },
  );
}
