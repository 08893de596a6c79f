import * as z from 'zod';
import { wallClock } from '#core/clocks/business-days.ts';
import type { Calendar } from '#core/clocks/business-time.ts';
import type { People, Salesperson } from '#core/people.ts';
import type { RoutingPolicy } from './policy.ts';
import type { Load } from './share.ts';

/** What routing gave somebody lately: counts by their own date, and leads that are still on the way. */
export const LoadRecord = z.strictObject({
  days: z.record(z.string(), z.number().int()),
  recent: z.array(z.strictObject({ person: z.string(), at: z.iso.datetime() })),
});
export type LoadRecord = z.infer<typeof LoadRecord>;

export const loadKey = (email: string) => ({ pk: `LOAD#${email}`, sk: 'LOAD' });

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;
/** Until a lead that was given shows among its owner's: what comes between is over by then. */
const ON_THE_WAY_MS = 3_600_000;

/** The date where somebody works. */
export const dateFor = (calendar: Calendar, now: Date): string =>
  new Date(wallClock(calendar.hours, now.getTime())).toISOString().slice(0, 10);

const daysBefore = (date: string, days: number) =>
  new Date(Date.parse(date) - days * DAY_MS).toISOString().slice(0, 10);

/** The record with one more lead; what is too old to count is dropped. */
export function withLead(
  record: LoadRecord | undefined,
  lead: { readonly person: string; readonly date: string; readonly now: Date },
): LoadRecord {
  const { person, date, now } = lead;
  const { days = {}, recent = [] } = record ?? {};
  const since = daysBefore(date, WEEK_DAYS);
  const kept = Object.entries(days).filter(([day]) => day >= since);
  return {
    days: { ...Object.fromEntries(kept), [date]: (days[date] ?? 0) + 1 },
    recent: [
      ...recent.filter((one) => one.person !== person && isOnTheWay(one.at, now)),
      { person, at: now.toISOString() },
    ],
  };
}

const isOnTheWay = (at: string, now: Date) => now.getTime() - Date.parse(at) < ON_THE_WAY_MS;

/** What somebody has, from what routing gave them and whose leads wait for them. */
export function loadFrom(
  record: LoadRecord | undefined,
  open: readonly string[],
  { date, now }: { readonly date: string; readonly now: Date },
): Load {
  const { days = {}, recent = [] } = record ?? {};
  const since = daysBefore(date, WEEK_DAYS - 1);
  const week = Object.entries(days).filter(([day]) => day >= since);
  const coming = recent.filter(({ at }) => isOnTheWay(at, now)).map(({ person }) => person);
  return {
    today: days[date] ?? 0,
    week: week.reduce((sum, [, count]) => sum + count, 0),
    open: new Set([...open, ...coming]).size,
  };
}

/** Whose load a policy asks for, and whether what they have open matters too. */
export function loadsAsked(
  policy: RoutingPolicy,
  people: People,
): ReadonlyMap<Salesperson, { readonly open: boolean }> {
  const asked = new Map<Salesperson, { open: boolean }>();
  for (const { by, caps, members } of Object.values(policy.pools)) {
    for (const { email } of members) {
      const salesperson = people.salespeople.find((one) => one.email === email);
      const own = salesperson?.caps ?? caps;
      const open = by === 'least-loaded' || own?.open !== undefined;
      if (salesperson === undefined || (own === undefined && !open)) continue;
      asked.set(salesperson, { open: open || asked.get(salesperson)?.open === true });
    }
  }
  return asked;
}
