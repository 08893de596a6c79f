import * as z from 'zod';

/** Commits may become visible this long after the stamp they carry. */
const OVERLAP_MS = 5 * 60_000;

const Place = z.strictObject({ stamp: z.string(), id: z.string() });

/** Where a stream is in a round of pages, and where the next round begins. */
export const Cursor = z.strictObject({
  /** The round reads what changed from here on. */
  from: z.iso.datetime(),
  /** The vendor's clock when the round began: what is later belongs to the next one. */
  until: z.iso.datetime().optional(),
  /** The last row that was read in this round. */
  after: Place.optional(),
  /** The vendor's own address of the round's next page; it may be gone after two days. */
  next: z.string().optional(),
});
export type Cursor = z.infer<typeof Cursor>;

export function firstCursor(from: Date): Cursor {
  return { from: from.toISOString() };
}

/** The cursor after a page: on in the round, or at the start of the next one. */
export function cursorAfter(
  cursor: Cursor,
  page: {
    readonly last: z.infer<typeof Place> | undefined;
    readonly next: string | undefined;
    readonly vendorNow: Date | undefined;
  },
): Cursor {
  const until = cursor.until ?? page.vendorNow?.toISOString();
  const after = page.last ?? cursor.after;
  if (page.next !== undefined) return { from: cursor.from, until, after, next: page.next };
  // Without the vendor's clock, the stamps that it gave are the only ones to go by.
  const end = until ?? after?.stamp ?? cursor.from;
  const overlapped = new Date(Date.parse(end) - OVERLAP_MS).toISOString();
  return { from: overlapped > cursor.from ? overlapped : cursor.from };
}
