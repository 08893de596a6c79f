import { knownOnly } from '#connectors/kit/known.ts';
import { asTraits, type Traits, text } from '#connectors/kit/segment-spec/facts.ts';
import type { Hook } from './event.ts';

/** The library's own events that tell what somebody did or who they are; the others are its own affair. */
const CALLS: Readonly<Record<string, 'page' | 'screen' | 'identify' | 'alias' | 'group'>> = {
  $pageview: 'page',
  $screen: 'screen',
  $identify: 'identify',
  $set: 'identify',
  $create_alias: 'alias',
  $groupidentify: 'group',
};

/** An event of PostHog in the words of the Segment spec; nothing for one that tells nothing. */
export function messageOf({ event, person }: Hook): object | undefined {
  const { uuid, event: name, properties, timestamp } = event;
  const type = name.startsWith('$') ? CALLS[name] : 'track';
  if (type === undefined) return undefined;
  return {
    messageId: uuid,
    type,
    ...visitorOf(event),
    ...knownOnly({ timestamp }),
    ...saidBy(type, name, properties),
    context: {
      page: knownOnly({
        url: text(properties, '$current_url'),
        path: text(properties, '$pathname', '$screen_name'),
        title: text(properties, 'title', '$title', '$screen_name'),
        // "$direct" stands for none.
        referrer: text(properties, '$referrer')?.replace(/^\$direct$/, ''),
      }),
      campaign: campaignOf(properties),
      userAgent: text(properties, '$raw_user_agent', '$user_agent'),
      traits: person?.properties ?? {},
    },
  };
}

type Call = (typeof CALLS)[string] | 'track';

function saidBy(type: Call, event: string, properties: Traits): object {
  switch (type) {
    case 'identify':
      return { traits: { ...asTraits(properties['$set_once']), ...asTraits(properties['$set']) } };
    case 'alias':
      return { previousId: text(properties, 'alias') };
    case 'group':
      return {
        groupId: text(properties, '$group_key'),
        traits: asTraits(properties['$group_set']),
      };
    case 'track':
      return { event, properties };
    default:
      return {};
  }
}

/**
 * Who did it. PostHog has one id, which is the device's until somebody is identified; from then on
 * the device is named beside it.
 */
function visitorOf({ distinct_id: id, properties }: Hook['event']) {
  const device = text(properties, '$anon_distinct_id', '$device_id');
  const isDevice = id === device || properties['$is_identified'] === false;
  return isDevice ? { anonymousId: id } : knownOnly({ userId: id, anonymousId: device });
}

function campaignOf(properties: Traits) {
  return knownOnly({
    name: text(properties, 'utm_campaign'),
    source: text(properties, 'utm_source'),
    medium: text(properties, 'utm_medium'),
  });
}
