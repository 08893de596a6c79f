import * as z from 'zod';
import { asTraits, type Traits } from '#connectors/kit/segment-spec/facts.ts';

const text = z.string().nullish();

/**
 * The members of an enriched event that are relied on, as Snowplow's analytics SDKs turn it to
 * JSON: https://docs.snowplow.io/docs/fundamentals/canonical-event/
 */
export const SnowplowEvent = z.looseObject({
  event_id: z.string().min(1),
  event: text,
  event_name: text,
  user_id: text,
  domain_userid: text,
  network_userid: text,
  derived_tstamp: text,
  collector_tstamp: text,
  page_url: text,
  page_urlpath: text,
  page_title: text,
  page_referrer: text,
  mkt_campaign: text,
  mkt_source: text,
  mkt_medium: text,
  mkt_network: text,
  useragent: text,
  se_category: text,
  se_action: text,
  se_label: text,
});
export type SnowplowEvent = z.infer<typeof SnowplowEvent>;

/** What one of the site's own schemas says, and the schema's name. */
interface SelfDescribed {
  readonly name: string;
  readonly data: Traits;
}

/** A self-describing event: under a key of its schema's name, or with the schema beside the data. */
export function selfDescribed(event: SnowplowEvent): SelfDescribed | undefined {
  const { schema, data } = asTraits(asTraits(event['unstruct_event'])['data']);
  const [, name] = /^iglu:[^/]+\/([^/]+)\//.exec(String(schema)) ?? [];
  if (name !== undefined) return { name, data: asTraits(data) };
  const [key, value] =
    Object.entries(event).find(
      ([one, said]) => one.startsWith('unstruct_event_') && typeof said === 'object',
    ) ?? [];
  if (key === undefined) return undefined;
  return { name: event.event_name ?? key, data: asTraits(value) };
}

/** The entities that were attached, each by the first of its kind. */
function contexts(event: SnowplowEvent): [string, Traits][] {
  return Object.entries(event).flatMap(([key, value]): [string, Traits][] =>
    key.startsWith('contexts_') && Array.isArray(value) ? [[key, asTraits(value[0])]] : [],
  );
}

/** What the entities say of the person: those that hold an e-mail address are about one. */
export function personIn(event: SnowplowEvent): Traits {
  const about = contexts(event).filter(([, data]) => typeof data['email'] === 'string');
  return Object.assign({}, ...about.map(([, data]) => data)) as Traits;
}

/** Whether the IAB's list knows the visitor for a machine. */
export const isRobot = (event: SnowplowEvent): boolean =>
  contexts(event).some(
    ([key, data]) => key.includes('spiders_and_robots') && data['spiderOrRobot'] === true,
  );
