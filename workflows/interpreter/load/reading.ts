import { HubError } from '#core/errors.ts';

/** A value of the definition and where it stands, for messages. */
export interface Place {
  readonly value: unknown;
  /** `$.States.Score.Retry[0]` */
  readonly path: string;
}

export type Fields = Readonly<Record<string, unknown>>;

export function invalid(path: string, problem: string): HubError {
  return new HubError('config', 'states_invalid', `${path}: ${problem}`);
}

export function unsupported(path: string, problem: string): HubError {
  return new HubError('config', 'states_unsupported', `${path}: ${problem}`);
}

export function at(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}['${key}']`;
}

export function readFields({ value, path }: Place): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw invalid(path, 'must be an object');
}

export function readList({ value, path }: Place): Place[] {
  if (!Array.isArray(value)) throw invalid(path, 'must be a list');
  return value.map((item, position) => ({ value: item, path: at(path, position) }));
}

export function readText({ value, path }: Place): string {
  if (typeof value === 'string') return value;
  throw invalid(path, 'must be a text');
}

export function readNumber(
  { value, path }: Place,
  { least = 0, most = Number.POSITIVE_INFINITY, whole = true } = {},
): number {
  const fits = typeof value === 'number' && value >= least && value <= most;
  if (fits && (!whole || Number.isInteger(value))) return value;
  const range =
    most === Number.POSITIVE_INFINITY ? `of at least ${least}` : `from ${least} to ${most}`;
  throw invalid(path, `must be ${whole ? 'an integer' : 'a number'} ${range}`);
}

/** Refuses fields nobody knows: a misspelt `Catch` must not be ignored. */
export function refuseOthers(fields: Fields, path: string, known: ReadonlySet<string>): void {
  for (const key of Object.keys(fields)) {
    if (!known.has(key)) throw invalid(at(path, key), 'is not a field that may stand here');
  }
}

/** At most one of the fields, as `Error` and `ErrorPath`. */
export function refuseBoth(fields: Fields, path: string, first: string, second: string): void {
  if (fields[first] !== undefined && fields[second] !== undefined) {
    throw invalid(at(path, second), `may not stand beside ${first}`);
  }
}
