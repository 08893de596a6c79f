import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { Instant } from '#core/events.ts';
import { VendorRecord } from '#core/operations.ts';
import type { MarketoContext } from '../credentials.ts';
import { recordError } from '../failure.ts';

const input = z.strictObject({
  record: VendorRecord,
  /** The id of a custom activity type that is defined and approved. */
  activityType: z.number().int(),
  at: Instant,
  /** The value of the type's primary attribute: what the timeline shows. */
  primary: z.string(),
  attributes: z.record(z.string(), z.string()).default({}),
});
type Input = z.infer<typeof input>;

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/activities */
export const addActivity = defineOperation({
  summary: "Writes an entry of a custom type into a lead's timeline.",
  // Entries are write-once and Marketo does not recognise a repeat, hence `find`.
  idempotent: false,
  input,
  output: z.strictObject({ id: z.string() }),

  async run({ http }: MarketoContext, entry) {
    const { data } = await http.post('/v1/activities/external.json', {
      input: [
        {
          leadId: Number(entry.record.id),
          activityDate: entry.at,
          activityTypeId: entry.activityType,
          primaryAttributeValue: entry.primary,
          attributes: Object.entries(entry.attributes).map(([apiName, value]) => ({
            apiName,
            value,
          })),
        },
      ],
    });
    const [added] = Added.parse(data).result;
    if (added.status === 'skipped') throw recordError(added.reasons ?? []);
    return { id: nameOf(added) };
  },

  async find(context: MarketoContext, entry) {
    let page = await firstPage(context, entry);
    for (;;) {
      const { data } = await context.http.get('/v1/activities.json', {
        params: {
          nextPageToken: page,
          activityTypeIds: entry.activityType,
          leadIds: entry.record.id,
        },
      });
      const answer = Activities.parse(data);
      const same = answer.result.find((one) => isSame(one, entry));
      if (same !== undefined) return { id: nameOf(same) };
      // A page may be empty and still not be the last one.
      if (!answer.moreResult || answer.nextPageToken === undefined) return undefined;
      page = answer.nextPageToken;
    }
  },
});

async function firstPage({ http }: MarketoContext, entry: Input): Promise<string> {
  const { data } = await http.get('/v1/activities/pagingtoken.json', {
    params: { sinceDatetime: entry.at },
  });
  return z.object({ nextPageToken: z.string() }).parse(data).nextPageToken;
}

/** To the second: Marketo drops the milliseconds of an activity's date. */
function isSame(one: z.infer<typeof Activity>, entry: Input): boolean {
  const second = (text: string) => Math.floor(Date.parse(text) / 1000);
  return (
    one.primaryAttributeValue === entry.primary && second(one.activityDate) === second(entry.at)
  );
}

/** The integer ids are being retired in favour of `marketoGUID`. */
function nameOf(one: { marketoGUID?: string | undefined; id?: number | undefined }): string {
  return one.marketoGUID ?? String(one.id);
}

const identity = { id: z.number().int().optional(), marketoGUID: z.string().optional() };
const Added = z.object({
  result: z.tuple([
    z.object({
      ...identity,
      status: z.string().optional(),
      reasons: z.array(z.object({ code: z.string() })).optional(),
    }),
  ]),
});
const Activity = z.object({
  ...identity,
  activityDate: z.string(),
  primaryAttributeValue: z.string().optional(),
});
const Activities = z.object({
  result: z.array(Activity).default([]),
  moreResult: z.boolean().default(false),
  nextPageToken: z.string().optional(),
});
