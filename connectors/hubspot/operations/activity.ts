import type * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { OFFERED_VERBS } from '#connectors/kit/offered-verbs.ts';
import type { TouchKind } from '#core/events.ts';
import type { HubspotContext } from '../credentials.ts';
import { findMarked } from '../marked.ts';
import { markerOf } from '../marker.ts';
import { ASSOCIATION, createObject } from '../objects.ts';

type Input = z.infer<(typeof OFFERED_VERBS)['activity.record']['input']>;

const activity = (id: string) => ({ activity: { kind: 'note', id } });

/**
 * Idempotent by key: HubSpot's timeline takes none, so that the note ends with a marker, and each
 * call looks for it first. https://developers.hubspot.com/docs/api-reference/crm-notes-v3/guide
 */
export const recordActivity = defineOperation({
  summary: 'Writes a marketing interaction to the timeline of a contact.',
  idempotent: true,
  ...OFFERED_VERBS['activity.record'],

  async run(context: HubspotContext, entry) {
    const there = await findMarked(context, entry.record.id, 'notes', 'hs_note_body');
    if (there !== undefined) return activity(there);
    const properties = {
      hs_timestamp: new Date(entry.at).toISOString(),
      hs_note_body: described(entry, markerOf(context.key)),
    };
    const id = await createObject(context, 'notes', properties, [
      { id: entry.record.id, typeId: ASSOCIATION.noteToContact },
    ]);
    return activity(id);
  },
});

/** Notes are shown as HTML, and what visitors left behind may look like it. */
function described({ title, kind, url, body }: Input, marker: string): string {
  const lines = [
    kind === undefined ? title : `${WORDS[kind]}: ${title}`,
    url && `Page: ${url}`,
    ...(body?.split('\n') ?? []),
    marker,
  ].filter((line) => line !== undefined && line !== '');
  return lines.map((line) => escaped(String(line))).join('<br>');
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string) => text.replace(/[&<>]/g, (one) => ESCAPES[one] ?? one);

const WORDS: Record<TouchKind, string> = {
  'email-received': 'Got an e-mail',
  'email-opened': 'Opened an e-mail',
  'email-clicked': 'Clicked in an e-mail',
  'page-visited': 'Visited a page',
  'asset-downloaded': 'Downloaded',
  'form-submitted': 'Filled in a form',
  'webinar-registered': 'Registered for a webinar',
  'webinar-attended': 'Attended a webinar',
  'ad-clicked': 'Clicked an ad',
  'social-engaged': 'Was active on social media',
  'review-visited': 'Read reviews of us',
  'trial-started': 'Started a trial',
  'product-used': 'Used the product',
  'chat-started': 'Started a chat',
  'event-attended': 'Attended an event',
  'call-held': 'Had a call',
  'meeting-held': 'Had a meeting',
};
