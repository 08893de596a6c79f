import type { Path } from './path.ts';

/** A reference path met something it cannot put a value into. */
export class PlacementMiss extends Error {}

/** A copy of `target` with `value` where the reference path points; missing objects are made. */
export function placeAt(path: Path, target: unknown, value: unknown): unknown {
  const keys = path.segments.map((segment) => {
    if (segment.kind === 'fields') return segment.names[0] ?? '';
    return segment.kind === 'indexes' ? (segment.indexes[0] ?? 0) : '';
  });
  return place(keys, target, value, path.text);
}

function place(
  keys: readonly (string | number)[],
  target: unknown,
  value: unknown,
  text: string,
): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (typeof key === 'number') {
    if (!Array.isArray(target) || key >= target.length) throw miss(text, target);
    return target.with(key, place(rest, target[key], value, text));
  }
  if (typeof target !== 'object' || target === null || Array.isArray(target)) {
    throw miss(text, target);
  }
  const fields = target as Record<string, unknown>;
  return { ...fields, [key]: place(rest, fields[key] ?? {}, value, text) };
}

function miss(text: string, target: unknown): PlacementMiss {
  return new PlacementMiss(
    `Unable to apply ReferencePath ${text} to input ${JSON.stringify(target)}`,
  );
}
