/** The calls of the last 24 hours, of as many as the organisation may make. */
export interface Usage {
  readonly most: number;
  count(): void;
  used(): number;
  /** Since the beginning. */
  total(): number;
}

const HOUR_MS = 3_600_000;
const HOURS = 24;

/** Counts by the hour: an hour after its day is over, its calls are free again. */
export function rollingUsage(most: number, now: () => Date): Usage {
  const hours = new Map<number, number>();
  let total = 0;
  const thisHour = () => Math.floor(now().getTime() / HOUR_MS);
  return {
    most,
    total: () => total,
    count() {
      total += 1;
      hours.set(thisHour(), (hours.get(thisHour()) ?? 0) + 1);
    },
    used() {
      for (const hour of hours.keys()) if (hour <= thisHour() - HOURS) hours.delete(hour);
      return [...hours.values()].reduce((sum, calls) => sum + calls, 0);
    },
  };
}
