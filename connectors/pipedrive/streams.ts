import * as z from 'zod';
import type { Stream } from '#connectors/kit/stream.ts';
import { askPage } from './api.ts';
import type { PipedriveCredentials, PipedriveSettings } from './credentials.ts';
import { type Change, deliveryOf } from './translate.ts';

/** The page within a reading goes by Pipedrive's own word; the next reading by the last stamp. */
const Cursor = z.strictObject({
  since: z.string(),
  next: z.string().optional(),
  latest: z.string().optional(),
});

const Row = z.looseObject({ id: z.number(), update_time: z.string().nullish() });

/** Rows may become visible after later ones. */
const OVERLAP_MS = 5 * 60_000;
const PAGE = 500;

/** https://developers.pipedrive.com/docs/api/v1/Persons; deletions are not told. */
const changesOf = (
  entity: Change['entity'],
  path: string,
  summary: string,
  everyMinutes: number,
): Stream<PipedriveCredentials, PipedriveSettings> => ({
  summary,
  everyMinutes,
  async read(context, place) {
    const { since, next, latest } =
      'from' in place
        ? { since: seconds(place.from), next: undefined, latest: undefined }
        : Cursor.parse(place.cursor);
    const { rows, next: following } = await askPage(context, Row, path, {
      updated_since: since,
      sort_by: 'update_time',
      sort_direction: 'asc',
      limit: PAGE,
      ...(next === undefined ? {} : { cursor: next }),
    });
    const stamp = rows.at(-1)?.update_time ?? latest;
    const cursor = cursorAfter(since, following, stamp ?? undefined);
    const deliveries = rows.map((data) => deliveryOf({ entity, data }));
    return { deliveries, cursor, more: following !== undefined };
  },
});

function cursorAfter(since: string, next: string | undefined, latest: string | undefined) {
  if (next !== undefined) return { since, next, ...(latest === undefined ? {} : { latest }) };
  if (latest === undefined) return { since };
  return { since: seconds(new Date(Date.parse(latest) - OVERLAP_MS)) };
}

/** Pipedrive takes RFC 3339 without fractions. */
const seconds = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;

export const streams = {
  persons: changesOf('person', '/api/v2/persons', 'Persons that were made or changed.', 30),
  deals: changesOf('deal', '/api/v2/deals', 'Deals that were opened, moved or closed.', 30),
  activities: changesOf('activity', '/api/v2/activities', 'Activities that were made or done.', 30),
};
