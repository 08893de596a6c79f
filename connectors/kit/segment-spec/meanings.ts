import type { AnalyticsSettings, Meaning } from './settings.ts';

/** https://segment.com/docs/connections/spec/b2b-saas/ and /email/, and what sites commonly send. */
const USUAL: Readonly<Record<string, Meaning>> = {
  'demo requested': 'hand-raise',
  'contact sales submitted': 'hand-raise',
  'form submitted': 'form',
  // What Snowplow's form tracking calls it.
  'submit form': 'form',
  'asset downloaded': 'asset-downloaded',
  'content downloaded': 'asset-downloaded',
  'webinar registered': 'webinar-registered',
  'webinar attended': 'webinar-attended',
  'event attended': 'event-attended',
  'trial started': 'trial-started',
  'product used': 'product-used',
  'feature used': 'product-used',
  'email delivered': 'email-received',
  'email opened': 'email-opened',
  'email clicked': 'email-clicked',
  'email link clicked': 'email-clicked',
  unsubscribed: 'unsubscribed',
  'ad clicked': 'ad-clicked',
  'social engaged': 'social-engaged',
  'review visited': 'review-visited',
  'chat started': 'chat-started',
  'live chat conversation started': 'chat-started',
  'call held': 'call-held',
  'meeting held': 'meeting-held',
};

/** What a track event means: the site's own names first, then the usual ones. */
export function meaningOf(event: string, settings: AnalyticsSettings): Meaning {
  return namedMeaning(event, settings) ?? settings.otherEvents;
}

/** The same, or nothing where nobody named the event. */
export function namedMeaning(event: string, settings: AnalyticsSettings): Meaning | undefined {
  const wanted = plainName(event);
  const own = Object.entries(settings.events).find(([name]) => plainName(name) === wanted);
  return own?.[1] ?? USUAL[wanted];
}

function plainName(event: string): string {
  return event
    .toLowerCase()
    .replace(/[_\s-]+/g, ' ')
    .trim();
}
