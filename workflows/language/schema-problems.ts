import type * as z from 'zod';
import { type Finding, type JsonDocument, problemAt } from './json-document.ts';
import type { Path, Problem } from './problem.ts';
import { keysAt, type Shape, shapeOf, wordsAt } from './shape.ts';
import { didYouMean, listed } from './suggest.ts';

/** What is asked of a value at a place of a document. */
interface Demand {
  readonly schema: z.ZodType;
  readonly path: Path;
  readonly value: unknown;
  /** Issues that are none here: an expression stands for the value, or the step fills it in. */
  readonly except?: (path: Path) => boolean;
}

/** Everything in which a value departs from its schema, in words and with a guess. */
export function schemaProblems(document: JsonDocument, demand: Demand): Problem[] {
  const { schema, path, value, except = () => false } = demand;
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return [];
  const shape = shapeOf(schema);
  const found = parsed.error.issues
    .flatMap((issue) => closest(issue))
    .filter((issue) => !except(issue.path as Path))
    .flatMap((issue) => findings(issue, shape));
  return found
    .filter((one) => !found.some((other) => isMisspelt(one, other)))
    .map(({ at, ...finding }) => problemAt(document, [...path, ...at], finding));
}

/** Whether a field is missing only because another one is a misspelling of it. */
function isMisspelt(lacking: Located, stranger: Located): boolean {
  const [key, beside] = [lacking.at.at(-1), stranger.at.slice(0, -1).join()];
  const isLack = lacking.message === missing(lacking.at).message;
  return isLack && stranger.suggestion === key && lacking.at.slice(0, -1).join() === beside;
}

type Issue = z.core.$ZodIssue;
type Located = Finding & { readonly at: Path };

/** Of a union's alternatives the one that fits best: its issues lie deepest, or are fewest. */
function closest(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const nested = issue.errors.map((issues) =>
    issues.flatMap((inner) => closest({ ...inner, path: [...issue.path, ...inner.path] })),
  );
  const depth = (issues: Issue[]) => Math.max(...issues.map(({ path }) => path.length));
  const best = nested.toSorted(
    (one, other) => depth(other) - depth(one) || one.length - other.length,
  )[0];
  const sameKind = best !== undefined && depth(best) > issue.path.length;
  const onlyKeys = best?.every(
    ({ code, path }) => code !== 'invalid_type' || path.length > issue.path.length,
  );
  return best !== undefined && (sameKind || onlyKeys) ? best : [issue];
}

function findings(issue: Issue, shape: Shape): Located[] {
  const at = issue.path as Path;
  const value = issue.input;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        at: [...at, key],
        atKey: true,
        message: `"${key}" is not known here; allowed are ${listed(keysAt(shape, at))}`,
        value: key,
        suggestion: didYouMean(key, keysAt(shape, at)),
      }));
    case 'invalid_type':
      return [typeFinding(at, issue.expected, value)];
    case 'invalid_value':
    case 'invalid_union': {
      if (value === undefined) return [missing(at)];
      const words = wordsAt(shape, at) ?? [];
      if (words.length > 0) return [wordFinding(at, words, value)];
      const only = issue.code === 'invalid_value' ? `must be ${issue.values.join(' or ')}` : '';
      return [{ at, message: only || plain(issue.message), value }];
    }
    case 'too_small':
      return [{ at, message: `must ${sized(issue.origin)} at least ${issue.minimum}`, value }];
    case 'too_big':
      return [{ at, message: `must ${sized(issue.origin)} at most ${issue.maximum}`, value }];
    case 'invalid_key':
      return [
        {
          at,
          atKey: true,
          message: plain(issue.issues[0]?.message ?? issue.message),
          value: at.at(-1),
        },
      ];
    default:
      return [{ at, message: plain(issue.message), value }];
  }
}

/** A list that is longer than this helps nobody who has a suggestion already. */
const SHORT_LIST = 8;

function wordFinding(at: Path, words: readonly string[], value: unknown): Located {
  const suggestion = didYouMean(value, words);
  const short = words.length <= SHORT_LIST || suggestion === undefined;
  const message = short ? `must be ${listed(words)}` : `"${value}" is not allowed here`;
  return { at, message, value, suggestion };
}

/** A number is so much; a text or a list has so many parts. */
function sized(origin: string): string {
  if (origin === 'string') return 'have a length of';
  return origin === 'number' || origin === 'int' ? 'be' : 'have';
}

function typeFinding(at: Path, expected: string, value: unknown): Located {
  if (value === undefined) return missing(at);
  return { at, message: `must be ${named(expected)}, not ${named(kindOf(value))}`, value };
}

const missing = (at: Path): Located => ({ at, message: `"${at.at(-1)}" is missing` });

const NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  tuple: 'a list',
  null: 'null',
};
const named = (kind: string) => NAMES[kind] ?? kind;

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** zod's sentence as the end of ours: no capital, no full stop. */
function plain(message: string): string {
  const text = message.replace(/^Invalid input: /, '').replace(/\.$/, '');
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
