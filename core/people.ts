import * as z from 'zod';
import { Absence } from '#core/clocks/calendar.ts';
import { RoutingCaps } from './routing/policy.ts';

const Email = z.string().regex(/^[^@\s]+@[^@\s]+$/, 'must be an e-mail address');

/** Somebody who gets leads and whose clocks run. */
export const Salesperson = z.strictObject({
  email: Email,
  name: z.string().min(1),
  /** The member id in the chat, for buttons that only say who pressed. */
  slack: z.string().optional(),
  team: z.string().min(1),
  manager: Email.optional(),
  /** The id of a calendar in calendars.json; without one the team's, else the region's. */
  calendar: z.string().min(1).optional(),
  /** The region this person works in, where it is not the team's. */
  region: z.string().min(1).optional(),
  /** Territories of the routing policy this person serves; without any, all of them. */
  territories: z.array(z.string()).optional(),
  /** The share of a rotation, relative to the others in the pool. */
  weight: z.number().int().positive().default(1),
  /** What a tier of a routing policy may require. */
  skills: z.array(z.string()).optional(),
  /** ISO 639-1, such as `de`. */
  languages: z.array(z.string().regex(/^[a-z]{2}$/, 'must be two letters, such as de')).optional(),
  /** No leads before this date; a pool's ramp counts from it. */
  startedOn: z.iso.date().optional(),
  /** Stands above the caps of a pool. */
  caps: RoutingCaps.optional(),
  absences: z.array(Absence).default([]),
  /** The calendar with further absences: `anna-keller` for absences/anna-keller.ics. */
  leave: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]*$/, 'must be the name of a file in absences, without .ics')
    .optional(),
});
export type Salesperson = z.infer<typeof Salesperson>;

/** Somebody who hears of breaches but gets no leads. */
const Manager = z.strictObject({
  email: Email,
  name: z.string().min(1),
  slack: z.string().optional(),
  /** The id of a calendar: alerts wait for its hours where the playbook is quiet outside them. */
  calendar: z.string().min(1).optional(),
  absences: z.array(Absence).optional(),
});

/** What goes for everybody in a team who says nothing else. */
const Team = z.strictObject({
  calendar: z.string().min(1).optional(),
  region: z.string().min(1).optional(),
});

const Region = z.strictObject({ calendar: z.string().min(1) });

export const People = z.strictObject({
  $schema: z.string().optional(),
  salespeople: z.array(Salesperson).min(1),
  managers: z.array(Manager).optional(),
  /** By the name that salespeople give as their `team`. */
  teams: z.record(z.string(), Team).optional(),
  /** By the name that salespeople and teams give as their `region`. */
  regions: z.record(z.string(), Region).optional(),
});
export type People = z.infer<typeof People>;

/** The id of the calendar somebody works by: their own, else their team's, else their region's. */
export function calendarIdOf(
  { teams = {}, regions = {} }: Pick<People, 'teams' | 'regions'>,
  who: Pick<Salesperson, 'team' | 'calendar' | 'region'>,
): string | undefined {
  const team = teams[who.team];
  const region = regions[who.region ?? team?.region ?? ''];
  return who.calendar ?? team?.calendar ?? region?.calendar;
}

const sameEmail = (one: string, other: string) =>
  one.trim().toLowerCase() === other.trim().toLowerCase();

/** The salesperson with this e-mail address, or this member id in the chat. */
export function findSalesperson(
  people: People,
  who: { email?: string | undefined; slack?: string | undefined },
): Salesperson | undefined {
  const { email, slack } = who;
  const byEmail =
    email === undefined
      ? undefined
      : people.salespeople.find((salesperson) => sameEmail(salesperson.email, email));
  if (byEmail !== undefined || slack === undefined) return byEmail;
  return people.salespeople.find((salesperson) => salesperson.slack === slack);
}
