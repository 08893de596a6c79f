import {
  accept,
  type Cursor,
  match,
  openCursor,
  peek,
  readLiteral,
  skipSpace,
  unexpected,
} from './cursor.ts';
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

export function isIntrinsic(text: string): boolean {
  return text.startsWith('States.');
}

/** Reads an intrinsic function call; throws SyntaxError. */
export function parseIntrinsic(text: string): Call {
  const cursor = openCursor(text);
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
  const next = peek(cursor);
  if (next === "'") return { kind: 'text', value: readText(cursor) };
  if (next === '$') return { kind: 'path', path: parsePath(readPathText(cursor)) };
  if (next === 'S') return readCall(cursor);
  return readLiteral(cursor);
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
