import { isDeepStrictEqual } from 'node:util';

/** One place in which two documents differ. */
export interface Difference {
  /** Names of fields, and of the things in a list: `['steps', 'route', 'with', 'policy']`. */
  readonly path: readonly string[];
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  readonly from?: unknown;
  readonly to?: unknown;
  /** What it stands behind now, where it was put into a list or moved in one; `null` for the top. */
  readonly after?: string | null;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields by which people tell the things of a list apart, the best first. */
const NAMES = ['id', 'code', 'email', 'domain', 'next', 'at', 'date', 'from'] as const;

/**
 * How two documents differ, in the order of the new one; what is gone comes last. Things in a list
 * are known by their names, so that one that was put in between changes nothing else.
 */
export function differences(
  from: unknown,
  to: unknown,
  path: readonly string[] = [],
): Difference[] {
  if (isDeepStrictEqual(from, to)) return [];
  if (isObject(from) && isObject(to)) return ofObjects(from, to, path);
  if (Array.isArray(from) && Array.isArray(to)) {
    const names = namesOf(from, to);
    if (names !== undefined) return ofLists([from, to], names, path);
  }
  if (from === undefined) return [{ path, kind: 'added', to }];
  if (to === undefined) return [{ path, kind: 'removed', from }];
  return [{ path, kind: 'changed', from, to }];
}

function ofObjects(from: Json, to: Json, path: readonly string[]): Difference[] {
  const gone = Object.keys(from).filter((key) => to[key] === undefined);
  return [...Object.keys(to), ...gone].flatMap((key) =>
    differences(from[key], to[key], [...path, key]),
  );
}

/** What to call each thing of both lists; none where they have no names, or share them. */
function namesOf(from: readonly unknown[], to: readonly unknown[]) {
  const plain = [...from, ...to].every((one) => typeof one === 'string');
  const candidates = plain
    ? [(one: unknown) => String(one)]
    : NAMES.map((name) => (one: unknown) => (isObject(one) ? one[name] : undefined));
  return candidates.find((nameOf) =>
    [from, to].every((list) => {
      const names = list.map(nameOf);
      return names.every((name) => typeof name === 'string') && new Set(names).size === list.length;
    }),
  ) as ((one: unknown) => string) | undefined;
}

function ofLists(
  [from, to]: readonly [readonly unknown[], readonly unknown[]],
  nameOf: (one: unknown) => string,
  path: readonly string[],
): Difference[] {
  const before = new Map(from.map((one) => [nameOf(one), one]));
  const names = to.map(nameOf);
  const stayed = inSameOrder(from.map(nameOf), names);
  const there = to.flatMap((one, index): Difference[] => {
    const name = nameOf(one);
    const here = [...path, name];
    const after = names[index - 1] ?? null;
    if (!before.has(name)) return [{ path: here, kind: 'added', to: one, after }];
    const inside = differences(before.get(name), one, here);
    return stayed.has(name) ? inside : [{ path: here, kind: 'moved', after }, ...inside];
  });
  const gone = [...before].flatMap(([name, one]): Difference[] =>
    names.includes(name) ? [] : [{ path: [...path, name], kind: 'removed', from: one }],
  );
  return [...there, ...gone];
}

/** A longest run of names that follow each other in both lists: whoever is not in it was moved. */
function inSameOrder(from: readonly string[], to: readonly string[]): ReadonlySet<string> {
  const places = new Map(from.map((name, index) => [name, index]));
  const best: (readonly string[])[] = [];
  let longest: readonly string[] = [];
  for (const [index, name] of to.entries()) {
    const place = places.get(name);
    const before = to
      .slice(0, index)
      .map((_, at) => best[at] ?? [])
      .filter((run) => place !== undefined && (places.get(run.at(-1) ?? '') ?? place) < place)
      .reduce((one, other) => (other.length > one.length ? other : one), []);
    const run = place === undefined ? [] : [...before, name];
    best.push(run);
    if (run.length > longest.length) longest = run;
  }
  return new Set(longest);
}
