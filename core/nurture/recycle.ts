import * as z from 'zod';
import { Instant } from '#core/events.ts';
import { placeAfter, shift, type Tracks } from './tracks.ts';

/**
 * What is kept of a person's last return to marketing, and all that their next entry goes by. But
 * for its two counters nothing in it comes from an earlier round.
 */
export const Recycle = z.strictObject({
  reason: z.string(),
  track: z.string(),
  /** The workflow that brings them up again. */
  workflow: z.string(),
  /** When sales gave them back, or when they were first found not ready for sales. */
  at: Instant,
  /** Whether sales had them: only then is engagement brought to the floor. */
  fromSales: z.boolean(),
  coolUntil: Instant,
  reEnterAt: Instant,
  /** Whether they go to sales again only after something they did since `at`. */
  needsSign: z.boolean(),
  /** When they gave a sign while nothing could come of it. */
  signAt: Instant.optional(),
  /** How often sales has had them and they came back. */
  count: z.number().int().nonnegative(),
  /** Came back more often than the playbook allows: the long-term track has them. */
  longTerm: z.literal(true).optional(),
});
export type Recycle = z.infer<typeof Recycle>;

export interface Return {
  readonly reason: string;
  readonly workflow: string;
  readonly fromSales: boolean;
  readonly at: Date;
  /** When to talk again, where the salesperson heard it. */
  readonly namedDate?: Date | undefined;
  /** The track that the step names, if it names one. */
  readonly track?: string | undefined;
}

/**
 * How a person stands who comes back to marketing; `undefined` where the reason declines them. Who
 * is only found not ready once more stays where the last hand-back put them: what they did since
 * adds up until it is enough.
 */
export function recycle(
  tracks: Tracks,
  before: Recycle | undefined,
  back: Return,
): Recycle | undefined {
  const place = placeAfter(back.reason, tracks, back.at, back.namedDate);
  if ('disqualified' in place) return undefined;
  if (!back.fromSales && before?.fromSales === true && back.track === undefined)
    return rested(tracks, before, back);
  const count = (before?.count ?? 0) + (back.fromSales ? 1 : 0);
  const at = back.at.toISOString();
  const fresh = { reason: back.reason, workflow: back.workflow, at, fromSales: back.fromSales };
  const { most, longTerm } = tracks.recycling ?? { most: count, longTerm: '' };
  if (back.fromSales && count > most) {
    const reEnterAt = shift(back.at, timeOf(tracks, longTerm)).toISOString();
    const rest = { coolUntil: at, reEnterAt, needsSign: true, longTerm: true as const };
    return { ...fresh, track: longTerm, ...rest, count };
  }
  const track = trackOf(tracks, back.track, place.track);
  return { ...fresh, track, ...restOf(tracks, back, place.reEnterAt), count };
}

/** How long they are left in peace, and when their time has come; a date they named overrules both. */
function restOf(tracks: Tracks, { reason, at, namedDate }: Return, reEnterAt: string) {
  const rule = tracks.reasons.find(({ code }) => code === reason);
  const { cooling = 'PT0S', freshSign = true, aheadOfDate } = rule ?? {};
  const cool = shift(at, cooling).toISOString();
  if (namedDate !== undefined && aheadOfDate !== undefined)
    return { coolUntil: earlier(cool, reEnterAt), reEnterAt, needsSign: false };
  const comesUpAt = reEnterAt < cool ? cool : reEnterAt;
  return { coolUntil: cool, reEnterAt: comesUpAt, needsSign: freshSign };
}

const earlier = (one: string, other: string) => (one < other ? one : other);

/** Rated again and still not ready: the same place, and another look after the same while. */
function rested(tracks: Tracks, before: Recycle, { at }: Return): Recycle {
  const { signAt: _seen, ...rest } = before;
  const next = shift(at, timeOf(tracks, before.track)).toISOString();
  return { ...rest, needsSign: true, reEnterAt: next };
}

const trackOf = ({ tracks }: Tracks, wanted: string | undefined, usual: string): string =>
  tracks.find(({ id }) => id === wanted)?.id ?? usual;

/** Where a playbook has lost a track, its people are looked at as if it rested a month. */
const USUAL_REST = 'P30D';

/** How long somebody stays on a track before they are looked at again. */
export const timeOf = ({ tracks }: Tracks, track: string): string =>
  tracks.find(({ id }) => id === track)?.reEnterAfter ?? USUAL_REST;

/** What may become of somebody in nurture at an instant. */
export type Outlook =
  | { readonly may: 'enter'; readonly because: string }
  | { readonly may: 'rest'; readonly until: string; readonly because: string };

/**
 * Whether somebody in nurture may be rated for sales again. `lastSignAt` is when they last did
 * something of their own accord; `asked` that they now ask to talk, for which nobody has to wait.
 */
export function outlook(
  { coolUntil, reEnterAt, needsSign, signAt, at }: Recycle,
  now: Date,
  seen: {
    readonly asked?: boolean;
    readonly lastSignAt?: string | undefined;
    readonly sign?: boolean;
  },
): Outlook {
  const time = now.toISOString();
  if (seen.asked) return { may: 'enter', because: 'they ask to talk' };
  if (time < coolUntil) return { may: 'rest', until: coolUntil, because: 'they are left in peace' };
  if (seen.sign) return { may: 'enter', because: 'they gave a fresh sign of interest' };
  const fresh = later(seen.lastSignAt, signAt);
  const since = fresh !== undefined && fresh > at;
  if (signAt !== undefined && since)
    return { may: 'enter', because: 'they gave a sign while they were left in peace' };
  if (time < reEnterAt)
    return { may: 'rest', until: reEnterAt, because: 'their time has not come' };
  if (!needsSign) return { may: 'enter', because: 'their time has come' };
  return since
    ? { may: 'enter', because: 'their time has come, and they did something since' }
    : { may: 'rest', until: reEnterAt, because: 'they did nothing since they came back' };
}

const later = (one: string | undefined, other: string | undefined): string | undefined =>
  one === undefined || (other !== undefined && other > one) ? other : one;

/**
 * From when on engagement counts in full again, and what all before it counts at most. None for
 * somebody who owes sales no fresh sign: nobody acted, or the date has come that they named.
 */
export function startOver(
  last: Recycle | undefined,
  { recycling }: Pick<Tracks, 'recycling'>,
): { readonly at: string; readonly percent: number } | undefined {
  if (last?.fromSales !== true || !last.needsSign || recycling === undefined) return undefined;
  return { at: last.at, percent: recycling.floor };
}
