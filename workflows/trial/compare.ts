import { isDeepStrictEqual } from 'node:util';
import type { Then } from './tests-file.ts';

/** Something that came out otherwise than a test says. */
export interface Mismatch {
  readonly what: string;
  readonly expected: unknown;
  readonly came: unknown;
}

/** Where what came differs from what a test expects; what it does not name may be as it likes. */
export function mismatches(then: Then, came: Readonly<Record<string, unknown>>): Mismatch[] {
  return Object.entries(then).flatMap(([what, expected]) =>
    isDeepStrictEqual(expected, came[what]) ? [] : [{ what, expected, came: came[what] }],
  );
}
