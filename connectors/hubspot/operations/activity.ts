import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { TouchFacts, type TouchKind } from '#core/events.ts';
import { VendorRecord } from '#core/operations.ts';
import type { HubspotContext } from '../credentials.ts';
import { findMarked } from '../marked.ts';
import { markerOf } from '../marker.ts';
import { ASSOCIATION, createObject } from '../objects.ts';

const activity = (id: string) => ({ activity: { kind: 'note', id } });

/**
 * Idempotent by key: HubSpot's timeline takes none, so that the note ends with a marker, and each
 * call looks for it first. https://developers.hubspot.com/docs/api-reference/crm-notes-v3/guide
 */
export const recordActivity = defineOperation({
  summary: 'Writes a marketing interaction to the timeline of a contact.',
  idempotent: true,
  input: z.strictObject({
    record: VendorRecord,
    at: z.iso.datetime({ offset: true }),
    touch: TouchFacts,
  }),
  output: z.strictObject({ activity: VendorRecord }),

  async run(context: HubspotContext, { record, at, touch }) {
    const there = await findMarked(context, record.id, 'notes', 'hs_note_body');
    if (there !== undefined) return activity(there);
    const properties = {
      hs_timestamp: new Date(at).toISOString(),
      hs_note_body: described(touch, markerOf(context.key)),
    };
    const id = await createObject(context, 'notes', properties, [
      { id: record.id, typeId: ASSOCIATION.noteToContact },
    ]);
    return activity(id);
  },
});

/** Notes are shown as HTML, and what visitors left behind may look like it. */
function described({ kind, name, url, referrer, campaign }: TouchFacts, marker: string): string {
  const lines = [
    `${WORDS[kind]}: ${name}`,
    url && `Page: ${url}`,
    referrer && `From: ${referrer}`,
    campaign && `Campaign: ${campaign.name ?? campaign.source ?? campaign.medium ?? ''}`,
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
