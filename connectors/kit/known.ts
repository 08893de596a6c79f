/** The members of an object that say something: no `undefined`, no `null`, no empty text. */
export type Known<T> = { [K in keyof T]?: Exclude<T[K], null | undefined> };

/** Drops what a vendor left empty, because absent means unknown in a person's facts. */
export function knownOnly<T extends object>(values: T): Known<T> {
  const known = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  return Object.fromEntries(known) as Known<T>;
}
