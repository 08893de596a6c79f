import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { OFFERED_VERBS } from '#connectors/kit/offered-verbs.ts';
import { HubError } from '#core/errors.ts';
import { logPage, pagingToken } from '../activity-log.ts';
import type { MarketoContext } from '../credentials.ts';
import { recordError } from '../failure.ts';
import { Outcomes } from '../records.ts';

type Input = z.infer<(typeof OFFERED_VERBS)['activity.record']['input']>;

const activity = (id: string) => ({ activity: { kind: 'activity', id } });

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/activities */
export const recordActivity = defineOperation({
  summary: "Writes a marketing interaction into a lead's timeline.",
  // Entries are write-once and Marketo does not recognise a repeat, hence `find`.
  idempotent: false,
  ...OFFERED_VERBS['activity.record'],

  async run(context: MarketoContext, entry) {
    const type = activityType(context);
    const { data } = await context.http.post('/v1/activities/external.json', {
      input: [
        {
          leadId: Number(entry.record.id),
          activityDate: entry.at,
          activityTypeId: type.type,
          // The type's primary attribute is what the timeline shows.
          primaryAttributeValue: entry.title,
          attributes: attributes(type, entry, context.key),
        },
      ],
    });
    const [added] = Outcomes.parse(data).result;
    const [named] = Named.parse(data).result;
    if (named === undefined || added?.status === 'skipped') throw recordError(added?.reasons);
    return activity(named.marketoGUID ?? String(named.id));
  },

  async find(context: MarketoContext, entry) {
    const type = activityType(context);
    const query = { activityTypeIds: String(type.type), leadIds: entry.record.id };
    // To the second: Marketo drops the milliseconds of an activity's date.
    let token = await pagingToken(
      context,
      new Date(Math.floor(Date.parse(entry.at) / 1000) * 1000),
    );
    for (;;) {
      const page = await logPage(context, 'activities', token, query);
      const same = page.rows.find((row) => isSame(row, entry, type, context.key));
      if (same !== undefined) return activity(same.guid);
      if (!page.more) return undefined;
      token = page.token;
    }
  },
});

type ActivityType = NonNullable<MarketoContext['settings']['activity']>;

function activityType({ settings }: MarketoContext): ActivityType {
  if (settings.activity !== undefined) return settings.activity;
  throw new HubError(
    'config',
    'marketo_activity_unset',
    "Marketo has no timeline of its own: define and approve a custom activity, and name its number in the connection's setting activity.",
  );
}

function attributes(type: ActivityType, { kind, url, body }: Input, key: string) {
  const values = [
    [type.keyAttribute, key],
    [type.kindAttribute, kind],
    [type.urlAttribute, url],
    [type.bodyAttribute, body],
  ] as const;
  return values.flatMap(([apiName, value]) =>
    apiName === undefined || value === undefined ? [] : [{ apiName, value }],
  );
}

/** By the key where the type has room for it; else by what the entry says and when it happened. */
function isSame(
  row: Awaited<ReturnType<typeof logPage>>['rows'][number],
  { title, at }: Input,
  type: ActivityType,
  key: string,
): boolean {
  if (type.keyAttribute !== undefined) return row.attributes.some(({ value }) => value === key);
  const second = (text: string) => Math.floor(Date.parse(text) / 1000);
  return row.primaryAttributeValue === title && second(row.activityDate) === second(at);
}

/** The integer ids are being retired in favour of `marketoGUID`. */
const Named = z.object({
  result: z.array(
    z.object({ id: z.number().int().optional(), marketoGUID: z.string().optional() }),
  ),
});
