/** `2026-11-23 08:15 UTC`: salespeople, ops and vendors sit in many time zones. */
export const moment = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;

/** `2026-11-23 08:15:02`, where a heading says that it is UTC. */
export const exactMoment = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 19)}`;

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** How long until then, roughly: `in 3 h`, or `2 d late`. */
export function fromNow(at: string, now: Date): string {
  const distance = Date.parse(at) - now.getTime();
  const [unit, size] = UNITS.find(([, length]) => Math.abs(distance) >= length) ?? ['min', 60_000];
  const count = Math.floor(Math.abs(distance) / size);
  if (distance < 0) return `${count} ${unit} late`;
  return `in ${count} ${unit}`;
}
