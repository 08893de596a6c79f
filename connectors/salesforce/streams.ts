import * as z from 'zod';
import type { Delivery } from '#connectors/kit/connector.ts';
import type { Stream, StreamPage } from '#connectors/kit/stream.ts';
import { isHubError } from '#core/errors.ts';
import { creationKey, groupOf, type SalesforceChange } from './change.ts';
import type {
  SalesforceContext,
  SalesforceCredentials,
  SalesforceSettings,
} from './credentials.ts';
import { opportunityFields } from './opportunities.ts';
import { contactFields, leadFields } from './people.ts';
import { raw, soql } from './soql.ts';
import { type Cursor, Cursor as CursorSchema, cursorAfter, firstCursor } from './stream-cursor.ts';
import { ACCOUNT_FIELDS } from './translate-account.ts';
import { taskFields } from './translate-task.ts';

interface Source {
  readonly entity: string;
  readonly summary: string;
  fields(settings: SalesforceSettings): readonly string[];
  /** Whether rows can be merged into others. */
  readonly merges: boolean;
}

const SOURCES: Readonly<Record<string, Source>> = {
  leads: {
    entity: 'Lead',
    summary: 'Leads that were made, changed, converted, merged or deleted.',
    fields: leadFields,
    merges: true,
  },
  contacts: {
    entity: 'Contact',
    summary: 'Contacts that were made, changed, merged or deleted.',
    fields: contactFields,
    merges: true,
  },
  accounts: {
    entity: 'Account',
    summary: 'Accounts that were made, changed, merged or deleted.',
    fields: () => ACCOUNT_FIELDS,
    merges: true,
  },
  opportunities: {
    entity: 'Opportunity',
    summary: 'Opportunities that were opened, moved, re-priced or deleted.',
    fields: opportunityFields,
    merges: false,
  },
  tasks: {
    entity: 'Task',
    summary: 'Tasks that were made, done or deleted.',
    fields: taskFields,
    merges: false,
  },
};

const EVERY_MINUTES = 15;

/** What changed of each kind of record, by stamp and id, deletions and merges included. */
export const salesforceStreams: Readonly<
  Record<string, Stream<SalesforceCredentials, SalesforceSettings>>
> = Object.fromEntries(
  Object.entries(SOURCES).map(([name, source]) => [
    name,
    {
      summary: source.summary,
      everyMinutes: EVERY_MINUTES,
      read: (context, place) =>
        readPage(
          context,
          source,
          'from' in place ? firstCursor(place.from) : CursorSchema.parse(place.cursor),
        ),
    },
  ]),
);

/** The most pages that one overflow reads at once; the stream itself reads the rest. */
const RESYNC_PAGES = 10;
const RESYNC_MARGIN_MS = 5 * 60_000;

/** Which stream tells what an overflow swallowed, and from when on it is to be read again. */
export function streamAround({
  kind,
  entity,
  at,
}: Pick<SalesforceChange, 'kind' | 'entity' | 'at'>) {
  const found = Object.entries(SOURCES).find(([, source]) => source.entity === entity);
  if (kind !== 'OVERFLOW' || found === undefined) return undefined;
  return { stream: found[0], from: new Date(Date.parse(at) - RESYNC_MARGIN_MS) };
}

/** What changed of an entity from shortly before an instant on; nothing of one without a stream. */
export async function* changesAround(
  context: SalesforceContext,
  entity: string,
  at: Date,
): AsyncGenerator<Delivery> {
  const source = Object.values(SOURCES).find((one) => one.entity === entity);
  if (source === undefined) return;
  let cursor = firstCursor(new Date(at.getTime() - RESYNC_MARGIN_MS));
  for (let count = 0; count < RESYNC_PAGES; count += 1) {
    const page = await readPage(context, source, cursor);
    yield* page.deliveries;
    if (!page.more) return;
    cursor = page.cursor;
  }
}

const Row = z.looseObject({
  Id: z.string(),
  IsDeleted: z.boolean(),
  SystemModstamp: z.string(),
  CreatedDate: z.string(),
  CreatedById: z.string().nullish(),
  LastModifiedById: z.string().nullish(),
});
type Row = z.infer<typeof Row>;

const Page = z.object({
  records: z.array(Row),
  done: z.boolean(),
  nextRecordsUrl: z.string().optional(),
});

async function readPage(
  context: SalesforceContext,
  source: Source,
  cursor: Cursor,
): Promise<StreamPage & { readonly cursor: Cursor }> {
  const { data, headers } = await answerFor(context, source, cursor);
  const { records, done, nextRecordsUrl } = Page.parse(data);
  const last = records.at(-1);
  const date = Date.parse(String(headers['date'] ?? ''));
  return {
    deliveries: records.flatMap((row) => deliveriesOf(context, source, row, cursor)),
    cursor: cursorAfter(cursor, {
      last: last && { stamp: isoOf(last.SystemModstamp), id: last.Id },
      next: done ? undefined : nextRecordsUrl,
      vendorNow: Number.isNaN(date) ? undefined : new Date(date),
    }),
    more: !done,
  };
}

/** The page that the vendor keeps ready, or where that is gone the rows after the last one. */
async function answerFor(context: SalesforceContext, source: Source, cursor: Cursor) {
  if (cursor.next !== undefined) {
    try {
      return await context.http.get(`${context.settings.instanceUrl}${cursor.next}`);
    } catch (error) {
      if (!isHubError(error, 'data') || error.code !== 'salesforce_cursor_expired') throw error;
    }
  }
  // The resource that also answers what was deleted and merged away.
  return context.http.get('/queryAll', { params: { q: queryOf(context, source, cursor) } });
}

const STAMPS = [
  'Id',
  'IsDeleted',
  'SystemModstamp',
  'CreatedDate',
  'CreatedById',
  'LastModifiedById',
];

/** Stamp and id, so that it ends although thousands of rows share one stamp. */
function queryOf({ settings }: SalesforceContext, source: Source, cursor: Cursor): string {
  const merged = source.merges ? ['MasterRecordId'] : [];
  const fields = [...new Set([...STAMPS, ...merged, ...source.fields(settings)])];
  return soql`SELECT ${raw(fields.join(', '))} FROM ${raw(source.entity)} WHERE ${raw(conditionOf(cursor))} ORDER BY SystemModstamp, Id`;
}

function conditionOf({ from, after }: Cursor): string {
  if (after === undefined) return soql`SystemModstamp >= ${new Date(from)}`;
  const stamp = new Date(after.stamp);
  return soql`(SystemModstamp > ${stamp} OR (SystemModstamp = ${stamp} AND Id > ${after.id}))`;
}

/** One delivery for the state of a row; before it another one for its creation, if that is new. */
function deliveriesOf(
  { settings }: SalesforceContext,
  { entity }: Source,
  row: Row,
  { from }: Cursor,
): Delivery[] {
  const group = groupOf(settings.organizationId, entity, row.Id);
  const at = isoOf(row.SystemModstamp);
  const createdAt = isoOf(row.CreatedDate);
  const isNew = !row.IsDeleted && createdAt >= from;
  const change = (
    kind: SalesforceChange['kind'],
    when: string,
    user: string | null | undefined,
  ): SalesforceChange => ({
    entity,
    recordId: row.Id,
    kind,
    at: when,
    ...(user ? { user } : {}),
    changed: [],
    fields: row,
    whole: true,
  });
  // Whoever changed it since, it is by its maker that a creation is known as the hub's own.
  const created: Delivery = {
    dedupeKey: creationKey(entity, row.Id),
    group,
    body: change('CREATE', createdAt, row.CreatedById),
  };
  const state: Delivery = {
    dedupeKey: `${entity}:${row.Id.slice(0, 15)}:${at}`,
    group,
    body: change(row.IsDeleted ? 'DELETE' : 'NOTIFIED', at, row.LastModifiedById),
  };
  if (!isNew) return [state];
  return at === createdAt ? [created] : [created, state];
}

/** Salesforce writes `+0000` where others write `Z`. */
function isoOf(stamp: string): string {
  return new Date(stamp).toISOString();
}
