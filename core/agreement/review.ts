const DAY_MS = 86_400_000;

/**
 * How many whole weeks ago a review was due: 0 in the first week after the day, `undefined` up to
 * and on the day itself (UTC).
 */
export function weeksOverdue(reviewBy: string, now: Date): number | undefined {
  const lateMs = now.getTime() - (Date.parse(`${reviewBy}T00:00:00Z`) + DAY_MS);
  return lateMs < 0 ? undefined : Math.floor(lateMs / (7 * DAY_MS));
}
