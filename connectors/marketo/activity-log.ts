import * as z from 'zod';
import type { MarketoContext } from './credentials.ts';
import { ask } from './read.ts';

/** Rows in one page of the log, at most and unless told otherwise. */
const PAGE_ROWS = 300;

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/activities */
export async function pagingToken(context: MarketoContext, since: Date): Promise<string> {
  const answer = await ask(context, '/v1/activities/pagingtoken.json', {
    sinceDatetime: since.toISOString(),
  });
  return z.object({ nextPageToken: z.string() }).parse(answer).nextPageToken;
}

export interface LogPage {
  readonly rows: readonly ActivityRow[];
  /** Where to go on, now or later: it is kept even after an empty page. */
  readonly token: string;
  /** A page may be empty and still not be the last one. */
  readonly more: boolean;
}

/** One page of one of the three logs: what people did, how leads changed, which leads are gone. */
export async function logPage(
  context: MarketoContext,
  log: 'activities' | 'activities/leadchanges' | 'activities/deletedleads',
  token: string,
  query: { activityTypeIds?: string; leadIds?: string; fields?: string } = {},
): Promise<LogPage> {
  const answer = Page.parse(
    await ask(context, `/v1/${log}.json`, { nextPageToken: token, batchSize: PAGE_ROWS, ...query }),
  );
  return { rows: answer.result, token: answer.nextPageToken ?? token, more: answer.moreResult };
}

const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A row of the log, as the API and the data stream tell it. */
export const ActivityRow = z
  .object({
    marketoGUID: z.union([z.string(), z.number()]).optional(),
    id: z.union([z.string(), z.number()]).optional(),
    leadId: z.union([z.string(), z.number()]).transform(String),
    activityDate: z.string(),
    activityTypeId: z.union([z.string(), z.number()]).transform(String),
    primaryAttributeValue: z
      .union([z.string(), z.number()])
      .nullish()
      .transform((value) => (value === null || value === undefined ? undefined : String(value))),
    attributes: z
      .array(z.looseObject({ name: z.string().optional(), value: Value.optional() }))
      .default([]),
    fields: z.array(z.looseObject({ name: z.string(), newValue: Value.optional() })).default([]),
  })
  // Integer ids are being retired in favour of `marketoGUID`.
  .transform(({ marketoGUID, id, ...row }) => ({ ...row, guid: String(marketoGUID ?? id ?? '') }));
export type ActivityRow = z.infer<typeof ActivityRow>;

const Page = z.object({
  result: z.array(ActivityRow).default([]),
  moreResult: z.boolean().default(false),
  nextPageToken: z.string().optional(),
});

/** The value of an attribute as text. */
export function attributeOf({ attributes }: Pick<ActivityRow, 'attributes'>, name: string) {
  const value = attributes.find((one) => one.name === name)?.value;
  return value === undefined || value === null || value === '' ? undefined : String(value);
}
