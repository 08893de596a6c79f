import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import { Sign } from './sign.ts';

const Id = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, 'must be lower-case words');

function isPlainDuration(text: string): boolean {
  try {
    return Temporal.Duration.from(text).sign > 0;
  } catch {
    return false;
  }
}

/** Plain time: a nurture track does not keep office hours. */
const PlainDuration = z
  .string()
  .refine(isPlainDuration, 'must be an ISO 8601 duration such as P30D or P6M');

const Track = z.strictObject({
  id: Id,
  name: z.string().min(1),
  /** The list or static segment in the marketing automation platform. */
  list: z.string().min(1),
  /** When the person may come up again, if nothing brings them up sooner. */
  reEnterAfter: PlainDuration,
});

const Reason = z
  .strictObject({
    code: z.string().regex(/^[a-z][a-z0-9_]*$/, 'must be snake_case'),
    /** What stands on the button. */
    label: z.string().min(1).max(75),
    track: Id.optional(),
    /** Where a date was named (a budget round, a renewal), this long before it. */
    aheadOfDate: PlainDuration.optional(),
    /** When they may come up again, where the track's own time does not suit the reason. */
    reEnterAfter: PlainDuration.optional(),
    /** What brings them up sooner than time does; none where only time does. */
    reEnterOn: z.array(Sign).min(1).optional(),
    /** A rest in which nothing but their own request to talk brings them up. */
    cooling: PlainDuration.optional(),
    /** `false` where they may go to sales again though they did nothing since. */
    freshSign: z.boolean().optional(),
    disqualify: z.literal(true).optional(),
    /** No more contact of any kind. */
    suppress: z.literal(true).optional(),
    /** The clause of the agreement that this reason says was wrong about the lead. */
    disputes: Id.optional(),
    because: z.string().min(1),
  })
  .refine(({ track, disqualify }) => (track === undefined) === (disqualify ?? false), {
    error: 'must either name a track or disqualify',
  })
  .refine(({ suppress, disqualify }) => !suppress || disqualify, {
    error: 'must disqualify whom it suppresses',
    path: ['suppress'],
  })
  .refine(
    (reason) => !reason.disqualify || RE_ENTRY.every((field) => reason[field] === undefined),
    {
      error: 'must not bring up again whom it disqualifies',
      path: ['disqualify'],
    },
  );

const RE_ENTRY = ['aheadOfDate', 'reEnterAfter', 'reEnterOn', 'cooling', 'freshSign'] as const;

const Recycling = z.strictObject({
  /** So often somebody may come back from sales; after that they go to `longTerm`. */
  most: z.number().int().positive().default(3),
  longTerm: Id,
  /** What all that was done before a hand-back counts at most, in per cent of full engagement. */
  floor: z.number().min(0).max(100).default(20),
  /** So long a lead goes to anybody else before whoever gave it back. */
  notBackFor: PlainDuration.default('P6M'),
});

/** The tracks of marketing, and which reason leads to which. */
export const Tracks = z.strictObject({
  $schema: z.string().optional(),
  tracks: z.array(Track).min(1),
  reasons: z.array(Reason).min(1),
  /** What guards against going round for ever; without it nobody is kept from sales. */
  recycling: Recycling.optional(),
  /** The reasons that salespeople choose from; the others are the system's. */
  salesMayGive: z.array(z.string()).min(1),
});
export type Tracks = z.infer<typeof Tracks>;

/** Where somebody goes who is handed back. */
export type Placement =
  | {
      readonly disqualified?: undefined;
      readonly track: string;
      readonly list: string;
      readonly reason: string;
      readonly because: string;
      readonly reEnterAt: string;
    }
  | {
      readonly disqualified: true;
      readonly suppress: boolean;
      readonly reason: string;
      readonly because: string;
    };

/**
 * The place that a reason leads to. `namedDate` is the date somebody gave for when to talk again;
 * one that is over, or too near for its lead time, means now.
 */
export function placeAfter(
  reason: string,
  tracks: Tracks,
  now: Date,
  namedDate?: Date | undefined,
): Placement {
  const found = tracks.reasons.find(({ code }) => code === reason);
  if (found === undefined) throw unknownReason(reason, tracks);
  const { because, suppress = false } = found;
  if (found.track === undefined) return { disqualified: true, suppress, reason, because };

  const track = tracks.tracks.find(({ id }) => id === found.track);
  if (track === undefined) throw unknownTrack(found.track, reason);
  const reEnterAt =
    found.aheadOfDate !== undefined && namedDate !== undefined
      ? later(now, shift(namedDate, `-${found.aheadOfDate}`))
      : shift(now, found.reEnterAfter ?? track.reEnterAfter);
  return { track: track.id, list: track.list, reason, because, reEnterAt: reEnterAt.toISOString() };
}

/** The instant a plain duration before (with a minus) or after another, in whole calendar days of UTC. */
export function shift(from: Date, duration: string): Date {
  const start = Temporal.Instant.fromEpochMilliseconds(from.getTime()).toZonedDateTimeISO('UTC');
  return new Date(start.add(duration).epochMilliseconds);
}

const later = (one: Date, other: Date) => (one.getTime() > other.getTime() ? one : other);

function unknownReason(reason: string, { reasons }: Tracks): HubError {
  const known = reasons.map(({ code }) => code).join(', ');
  return new HubError(
    'data',
    'reason_unknown',
    `The reason "${reason}" is not in tracks.json. Use one of ${known}, or add it there.`,
  );
}

function unknownTrack(track: string, reason: string): HubError {
  return new HubError(
    'config',
    'track_unknown',
    `The reason "${reason}" leads to the track "${track}", which tracks.json does not have.`,
  );
}
