import type { Urgency } from '#core/ports/operations.ts';
import {
  bookedToday,
  type DayQuota,
  type Forecast,
  forecast,
  isWorrying,
  resetAfter,
  roomToday,
  roomTodayFrom,
  today,
  withReading,
} from './day.ts';
import { LANE_SHARES, laneOf } from './lanes.ts';
import { type Permission, permit } from './permits.ts';
import type { ConnectionState } from './state.ts';
import { grant, type Rate, roomFrom, roomIn } from './windows.ts';

/** What one connection may ask of its vendor. */
export interface ConnectionLimits {
  readonly rates: readonly Rate[];
  readonly concurrent?: number | undefined;
  readonly daily?: DayQuota | undefined;
}

export interface Ask {
  readonly urgency: Urgency;
  /** The rates that count this call. */
  readonly counts: readonly string[];
  /** How many calls are wanted at once, to be made within `lifeMs`. */
  readonly calls: number;
  readonly lifeMs: number;
  /** Which worker asks, and how many calls it has under way. */
  readonly worker?: { readonly id: string; readonly underWay: number; readonly holdMs: number };
  /** Calls of an earlier grant that were not made, and of which day they are. */
  readonly unused?: { readonly calls: number; readonly resetsAt: number } | undefined;
  readonly reading?: { readonly most: number; readonly remaining: number } | undefined;
}

export interface Answer {
  readonly state: ConnectionState;
  /** How many calls were granted; none when something must be waited for. */
  readonly granted: number;
  readonly wait?: Wait | undefined;
  readonly permission?: Permission | undefined;
  /** Present once a day, when the quota is running out. */
  readonly warning?: Forecast | undefined;
}

/** Which limit is in the way, and until when at least. */
export interface Wait {
  readonly limit: string;
  readonly until: number;
}

/** Decides whether calls may be made now, and writes them down; what must be waited for longest is named. */
export function take(
  state: ConnectionState,
  limits: ConnectionLimits,
  ask: Ask,
  now: number,
): Answer {
  const { daily } = limits;
  const begun = daily === undefined ? undefined : begin(daily, state, ask, now);
  const known: ConnectionState = begun === undefined ? state : { ...state, day: begun };
  const warning = warningOf(daily, begun, now);
  const told: ConnectionState =
    warning === undefined || begun === undefined
      ? known
      : { ...known, day: { ...begun, warned: true } };

  // Whoever only has to wait leaves the state as it is, unless it tells something new.
  const news = warning !== undefined || ask.reading !== undefined || ask.unused !== undefined;
  const left = news ? told : state;
  const wait = waitOf(told, limits, ask, now);
  if (wait !== undefined) return { state: left, granted: 0, wait, warning };
  const permission = permit(told.permits, limits.concurrent, ask, now);
  if (permission !== undefined && !permission.granted) {
    const freed = { limit: 'concurrent', until: now + RELEASE_MS };
    return { state: left, granted: 0, wait: freed, warning, permission };
  }
  const granted = Math.min(ask.calls, roomOf(told, limits, ask, now));
  return {
    state: {
      ...booked(told, limits, ask, granted, now),
      permits: permission?.permits ?? told.permits,
    },
    granted,
    permission,
    warning,
  };
}

function begin(daily: DayQuota, state: ConnectionState, ask: Ask, now: number) {
  const day = today(daily, state.day, now);
  const unused = ask.unused?.resetsAt === day.resetsAt ? ask.unused.calls : 0;
  const returned = { ...day, used: Math.max(0, day.used - unused) };
  return ask.reading === undefined ? returned : withReading(returned, ask.reading, now);
}

function warningOf(
  daily: DayQuota | undefined,
  day: ConnectionState['day'],
  now: number,
): Forecast | undefined {
  if (daily === undefined || day === undefined || day.warned) return undefined;
  const outlook = forecast(daily, day, now);
  return isWorrying(outlook) ? outlook : undefined;
}

const counting = ({ rates }: ConnectionLimits, { counts }: Ask) =>
  rates.filter(({ name }) => counts.includes(name));

/** The limit that is in the way for longest. */
function waitOf(
  state: ConnectionState,
  limits: ConnectionLimits,
  ask: Ask,
  now: number,
): Wait | undefined {
  const { urgency, lifeMs } = ask;
  const waits: Wait[] = counting(limits, ask).map((rate) => {
    const grants = state.rates[rate.name] ?? [];
    const until = roomFrom(rate, grants, now, laneOf(rate.calls, urgency), lifeMs);
    return { limit: rate.name, until };
  });
  const { daily } = limits;
  const share = LANE_SHARES[urgency];
  if (daily !== undefined && state.day !== undefined) {
    const room = roomToday(daily, state.day, now, share, lifeMs);
    const until = room > 0 ? now : roomTodayFrom(daily, state.day, now, share, lifeMs);
    waits.push({ limit: 'daily', until });
  }
  waits.push(...pausesOf(state, limits, ask, now));
  const [longest] = waits
    .filter(({ until }) => until > now)
    .toSorted((one, other) => other.until - one.until);
  return longest;
}

/** A rate's pause concerns the calls that it counts; of any other name nobody knows, so it concerns all. */
function pausesOf(state: ConnectionState, limits: ConnectionLimits, ask: Ask, now: number): Wait[] {
  const others = limits.rates.map(({ name }) => name).filter((name) => !ask.counts.includes(name));
  return Object.entries(state.pauses)
    .filter(([limit]) => !others.includes(limit))
    .map(([limit, { until, forMs }]) => ({ limit, until: Math.min(until, now + forMs) }));
}

function roomOf(state: ConnectionState, limits: ConnectionLimits, ask: Ask, now: number): number {
  const { urgency, lifeMs } = ask;
  const rooms = counting(limits, ask).map((rate) =>
    roomIn(rate, state.rates[rate.name] ?? [], now, laneOf(rate.calls, urgency), lifeMs),
  );
  const { daily } = limits;
  if (daily !== undefined && state.day !== undefined)
    rooms.push(roomToday(daily, state.day, now, LANE_SHARES[urgency], lifeMs));
  return Math.min(...rooms, ask.calls);
}

function booked(
  state: ConnectionState,
  limits: ConnectionLimits,
  ask: Ask,
  calls: number,
  now: number,
): ConnectionState {
  const rates = Object.fromEntries(
    counting(limits, ask).map((rate) => [
      rate.name,
      grant(rate, state.rates[rate.name] ?? [], now, calls, ask.lifeMs),
    ]),
  );
  const { day } = state;
  const { daily } = limits;
  return {
    ...state,
    rates: { ...state.rates, ...rates },
    ...(day === undefined || daily === undefined
      ? {}
      : { day: bookedToday(daily, day, now, calls, ask.lifeMs) }),
    pauses: Object.fromEntries(Object.entries(state.pauses).filter(([, { until }]) => until > now)),
  };
}

/** How soon another call may have ended. */
const RELEASE_MS = 50;

/** How long a limit rests when the vendor does not say. */
const UNTOLD_PAUSE_MS = 1_000;

/** The vendor said that a limit was reached: it rests for all workers, as long as the vendor says. */
export function pause(
  state: ConnectionState,
  limits: ConnectionLimits,
  limit: string,
  retryAfterMs: number | undefined,
  now: number,
): ConnectionState {
  const forMs = Math.max(0, retryAfterMs ?? untold(limits, limit, now));
  const before = state.pauses[limit];
  const until = Math.max(
    now + forMs,
    before === undefined ? 0 : Math.min(before.until, now + before.forMs),
  );
  return { ...state, pauses: { ...state.pauses, [limit]: { until, forMs: until - now } } };
}

function untold(limits: ConnectionLimits, limit: string, now: number): number {
  const rate = limits.rates.find(({ name }) => name === limit);
  if (rate !== undefined) return rate.everyMs;
  if (limit === 'daily' && limits.daily !== undefined) {
    const { resets } = limits.daily;
    return resets === 'rolling' ? ROLLING_PAUSE_MS : resetAfter(limits.daily, now) - now;
  }
  return UNTOLD_PAUSE_MS;
}

/** A rolling quota has room again little by little. */
const ROLLING_PAUSE_MS = 15 * 60_000;
