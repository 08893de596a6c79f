import * as z from 'zod';
import { Absence } from '#core/clocks/calendar.ts';

const Email = z.string().regex(/^[^@\s]+@[^@\s]+$/, 'must be an e-mail address');

/** Somebody who gets leads and whose clocks run. */
export const Salesperson = z.strictObject({
  email: Email,
  name: z.string().min(1),
  /** The member id in the chat, for buttons that only say who pressed. */
  slack: z.string().optional(),
  team: z.string().min(1),
  manager: Email.optional(),
  /** The id of a calendar in calendars.json. */
  calendar: z.string().min(1),
  /** Territories of the routing policy this person serves; without any, all of them. */
  territories: z.array(z.string()).optional(),
  /** The share of a rotation, relative to the others in the pool. */
  weight: z.number().int().positive().default(1),
  absences: z.array(Absence).default([]),
});
export type Salesperson = z.infer<typeof Salesperson>;

/** Somebody who hears of breaches but gets no leads. */
const Manager = z.strictObject({
  email: Email,
  name: z.string().min(1),
  slack: z.string().optional(),
});

export const People = z.strictObject({
  $schema: z.string().optional(),
  salespeople: z.array(Salesperson).min(1),
  managers: z.array(Manager).optional(),
});
export type People = z.infer<typeof People>;

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
