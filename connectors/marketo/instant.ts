import { Temporal } from 'temporal-polyfill';

/**
 * Reads a time as Marketo writes it: ISO with `Z`, with an offset with or without a colon
 * (`+0000`), or without one in the subscription's time zone. `undefined` when it can't be read.
 */
function readInstant(at: string, timeZone: string): string | undefined {
  try {
    const iso = at.replace(' ', 'T').replace(/([+-]\d\d)(\d\d)$/, '$1:$2');
    const zoned = /(Z|[+-]\d\d:\d\d)$/.test(iso)
      ? Temporal.Instant.from(iso)
      : Temporal.PlainDateTime.from(iso).toZonedDateTime(timeZone);
    return new Date(zoned.epochMilliseconds).toISOString();
  } catch {
    return undefined;
  }
}

/** When something happened; what can't be read, or lies in the future, is when it was told. */
export function happenedAt(at: string | undefined, receivedAt: string, timeZone: string): string {
  const instant = at === undefined ? undefined : readInstant(at, timeZone);
  return instant === undefined || instant > receivedAt ? receivedAt : instant;
}
