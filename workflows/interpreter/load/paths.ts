import { callProblem } from '../intrinsics.ts';
import { isIntrinsic, parseIntrinsic } from '../jsonpath/intrinsic-parse.ts';
import { parsePath } from '../jsonpath/parse.ts';
import { at, type Fields, invalid, type Place, readText } from './reading.ts';

/** A path: `$.a`, `$$.Execution.Id`, `$name`. */
export function readPath(place: Place): string {
  const text = readText(place);
  explain(place.path, () => parsePath(text));
  return text;
}

/** A path that names one place below `$`, as `ResultPath` must. */
export function readReferencePath(place: Place): string {
  const text = readPath(place);
  const path = parsePath(text);
  if (path.definite && path.root.kind === 'input') return text;
  throw invalid(place.path, 'must be a reference path: $ with names and positions only');
}

/** A path or a call of an intrinsic function. */
export function readPathOrCall(place: Place): string {
  const text = readText(place);
  if (!isIntrinsic(text)) return readPath(place);
  const call = explain(place.path, () => parseIntrinsic(text));
  const problem = callProblem(call);
  if (problem !== undefined) throw invalid(place.path, problem);
  return text;
}

/** `InputPath`, `OutputPath`, `ResultPath`: absent, null, or a path. */
export function optionalPath(
  fields: Fields,
  path: string,
  key: string,
  read: (place: Place) => string = readPath,
): string | null | undefined {
  const value = fields[key];
  return value === undefined || value === null ? value : read({ value, path: at(path, key) });
}

/** Checks a payload template: what stands in fields named `….$` must be a path or a call. */
export function checkPayloadTemplate({ value, path }: Place): void {
  if (Array.isArray(value)) {
    for (const [position, item] of value.entries()) {
      checkPayloadTemplate({ value: item, path: at(path, position) });
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      const place = { value: item, path: at(path, key) };
      if (key.endsWith('.$')) readPathOrCall(place);
      else checkPayloadTemplate(place);
    }
  }
}

function explain<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalid(path, error.message);
  }
}
