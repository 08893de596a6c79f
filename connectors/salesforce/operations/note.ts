import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { contentHash } from '#connectors/kit/signatures.ts';
import { VendorRecord } from '#core/operations.ts';
import { composite } from '../composite.ts';
import type { SalesforceContext } from '../credentials.ts';
import { withLiving } from '../living.ts';
import { query, soql } from '../soql.ts';

const MOST_TITLE = 200;
const MOST_TEXT = 65_000;

const note = (id: string) => ({ note: { kind: 'note', id } });

/**
 * Not idempotent, since notes have no external id: the title carries a digest of the effect's
 * key, by which a repeat finds what the first call wrote. Note and link are one call, so that
 * there is never a note that belongs to nobody.
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_contentnote.htm
 */
export const createNote = defineOperation({
  summary: 'Writes a note on a lead or contact.',
  idempotent: false,
  input: z.strictObject({
    record: VendorRecord,
    title: z.string().max(MOST_TITLE).default('Baton'),
    text: z.string().min(1).max(MOST_TEXT),
  }),
  output: z.strictObject({ note: VendorRecord }),

  async run(context: SalesforceContext, { record, title, text }) {
    const made = await withLiving(context, record, async (living) => {
      const [first] = await composite(context, [
        {
          method: 'POST',
          path: '/sobjects/ContentNote',
          name: 'note',
          body: { Title: `${title} ${markerOf(context.key)}`, Content: htmlOf(text) },
        },
        {
          method: 'POST',
          path: '/sobjects/ContentDocumentLink',
          name: 'link',
          body: { ContentDocumentId: '@{note.id}', LinkedEntityId: living.id, ShareType: 'V' },
        },
      ]);
      return z.object({ id: z.string() }).parse(first).id;
    });
    return note(made);
  },

  async find(context, { record }) {
    const marker = markerOf(context.key);
    return withLiving(context, record, async (living) => {
      const links = await query(context, Link, linksOf(living.id));
      const found = links.find(({ ContentDocument }) => ContentDocument.Title.endsWith(marker));
      return found === undefined ? undefined : note(found.ContentDocumentId);
    });
  },
});

const Link = z.object({
  ContentDocumentId: z.string(),
  ContentDocument: z.object({ Title: z.string() }),
});

const linksOf = (id: string) =>
  soql`SELECT ContentDocumentId, ContentDocument.Title FROM ContentDocumentLink WHERE LinkedEntityId = ${id}`;

/** Salespeople see it: 32 bits never meet by chance within the notes of one person. */
const markerOf = (key: string) => `[${contentHash(key).slice(0, 8)}]`;

/** A note is HTML in base 64. */
function htmlOf(text: string): string {
  const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  const lines = escaped.split('\n').map((line) => `<p>${line}</p>`);
  return Buffer.from(lines.join('')).toString('base64');
}
