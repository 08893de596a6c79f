import { knownOnly } from '#connectors/kit/known.ts';
import { asTraits, type Traits, text } from '#connectors/kit/segment-spec/facts.ts';
import { namedMeaning } from '#connectors/kit/segment-spec/meanings.ts';
import type { AnalyticsSettings } from '#connectors/kit/segment-spec/settings.ts';
import { isRobot, personIn, type SnowplowEvent, selfDescribed } from './event.ts';

/** What trackers send by themselves: told only where the connection names it. */
const AUTOMATIC = new Set([
  ...['page_ping', 'link_click', 'focus_form', 'change_form', 'application_background'],
  ...['application_foreground', 'web_vitals', 'application_error'],
]);

/** An enriched event in the words of the Segment spec; nothing for one that tells nothing. */
export function messageOf(event: SnowplowEvent, settings: AnalyticsSettings): object | undefined {
  const said = isRobot(event) ? undefined : saidBy(event, settings);
  if (said === undefined) return undefined;
  const { mkt_campaign: name, mkt_source: source, mkt_medium: medium, mkt_network } = event;
  return {
    messageId: event.event_id,
    ...knownOnly({
      anonymousId: event.domain_userid ?? event.network_userid,
      userId: event.user_id,
      timestamp: event.derived_tstamp ?? event.collector_tstamp,
    }),
    ...said,
    context: {
      page: knownOnly({
        url: event.page_url,
        path: event.page_urlpath,
        title: event.page_title,
        referrer: event.page_referrer,
      }),
      campaign: knownOnly({ name, source: source ?? mkt_network?.toLowerCase(), medium }),
      userAgent: event.useragent,
      traits: personIn(event),
    },
  };
}

function saidBy(event: SnowplowEvent, settings: AnalyticsSettings): object | undefined {
  const kind = event.event ?? event.event_name ?? '';
  if (kind === 'page_view') return { type: 'page' };
  if (kind === 'struct') return structured(event, settings);
  const own = selfDescribed(event);
  const name = own?.name ?? kind;
  if (AUTOMATIC.has(name) && namedMeaning(name, settings) === undefined) return undefined;
  if (name === 'screen_view') return { type: 'screen', properties: screenOf(own?.data ?? {}) };
  const properties = name === 'submit_form' ? formOf(own?.data ?? {}) : own?.data;
  return { type: 'track', event: name, properties };
}

/** A category and an action may have a name together, or the action alone. */
function structured(event: SnowplowEvent, settings: AnalyticsSettings): object {
  const { se_category: category, se_action: action, se_label: label } = event;
  const names = [`${category} ${action}`, action ?? '', category ?? ''];
  const named = names.find((name) => namedMeaning(name, settings) !== undefined);
  return {
    type: 'track',
    event: named ?? names[0],
    properties: knownOnly({ name: label, form: label }),
  };
}

const screenOf = (data: Traits) => knownOnly({ title: text(data, 'name') });

/** Fields whose contents are nobody's business, should a tracker be set up to send them. */
const HIDDEN_TYPES = new Set(['password', 'hidden', 'file']);

/** The fields of a form by their names, and its own name. */
function formOf(data: Traits): Traits {
  const elements = Array.isArray(data['elements']) ? data['elements'] : [];
  const fields = elements
    .map(asTraits)
    .filter((element) => !HIDDEN_TYPES.has(String(element['type'])))
    .map((element) => [text(element, 'name') ?? '', text(element, 'value')] as const);
  const [, email] =
    fields.find(([name, value]) => /e-?mail/i.test(name) && value?.includes('@')) ?? [];
  return knownOnly({
    ...Object.fromEntries(fields),
    email,
    form: text(data, 'formId', 'form_id') ?? 'form',
  });
}
