import { parsePath } from './parse.ts';
import type { Path } from './path.ts';

/** A call such as `States.Format('{}!', $.name)`, read. */
export interface Call {
  readonly kind: 'call';
  readonly text: string;
  readonly name: string;
  readonly arguments: readonly Argument[];
}

export type Argument =
  | Call
  | { readonly kind: 'path'; readonly path: Path }
  | {
      readonly kind: 'text';
      /** With `\'`, `\\` resolved; braces of a Format template keep their backslash. */
      readonly value: string;
    }
  | { readonly kind: 'literal'; readonly value: unknown };

interface Cursor {
  readonly text: string;
  position: number;
}

export function isIntrinsic(text: string): boolean {
  return text.startsWith('States.');
}

/** Reads an intrinsic function call; throws SyntaxError. */
export function parseIntrinsic(text: string): Call {
  const cursor = { text, position: 0 };
  const call = readCall(cursor);
  skipSpace(cursor);
  if (cursor.position < text.length) throw unexpected(cursor);
  return call;
}

function readCall(cursor: Cursor): Call {
  const start = cursor.position;
  const name = match(cursor, /States\.[A-Za-z0-9]+/y);
  if (name === undefined || !accept(cursor, '(')) throw unexpected(cursor);
  const list: Argument[] = [];
  skipSpace(cursor);
  while (!accept(cursor, ')')) {
    if (list.length > 0 && !accept(cursor, ',')) throw unexpected(cursor);
    skipSpace(cursor);
    list.push(readArgument(cursor));
    skipSpace(cursor);
  }
  return { kind: 'call', text: cursor.text.slice(start, cursor.position), name, arguments: list };
}

function readArgument(cursor: Cursor): Argument {
  const next = cursor.text[cursor.position];
  if (next === "'") return { kind: 'text', value: readText(cursor) };
  if (next === '$') return { kind: 'path', path: parsePath(readPathText(cursor)) };
  if (next === 'S') return readCall(cursor);
  const word = match(cursor, /true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
  if (word === undefined) throw unexpected(cursor);
  return { kind: 'literal', value: JSON.parse(word) };
}

/** Only `'`, `{`, `}` and the backslash itself may follow a backslash. */
function readText(cursor: Cursor): string {
  const quoted = match(cursor, /'(?:[^'\\]|\\['{}\\])*'/sy);
  if (quoted === undefined) throw unexpected(cursor);
  return quoted.slice(1, -1);
}

/** A path goes on to the comma or bracket that is not inside brackets or quotes of its own. */
function readPathText(cursor: Cursor): string {
  const path = match(
    cursor,
    /(?:[^,()[\]\s'"]|\[(?:[^\]'"]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")*\])+/y,
  );
  if (path === undefined) throw unexpected(cursor);
  return path;
}

function accept(cursor: Cursor, token: string): boolean {
  if (!cursor.text.startsWith(token, cursor.position)) return false;
  cursor.position += token.length;
  return true;
}

function skipSpace(cursor: Cursor): void {
  match(cursor, /\s+/y);
}

function match(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.position;
  const found = pattern.exec(cursor.text)?.[0];
  cursor.position += found?.length ?? 0;
  return found;
}

function unexpected(cursor: Cursor): SyntaxError {
  const rest = cursor.text.slice(cursor.position, cursor.position + 12);
  return new SyntaxError(
    rest === '' ? 'ends too early' : `has an unexpected '${rest}' at ${cursor.position + 1}`,
  );
}
