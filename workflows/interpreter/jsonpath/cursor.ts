/** A text being read from left to right. */
export interface Cursor {
  readonly text: string;
  position: number;
}

export const openCursor = (text: string): Cursor => ({ text, position: 0 });

export const peek = ({ text, position }: Cursor): string | undefined => text[position];

/** Takes a token where it stands next, and says whether it did. */
export function accept(cursor: Cursor, token: string): boolean {
  if (!cursor.text.startsWith(token, cursor.position)) return false;
  cursor.position += token.length;
  return true;
}

export function skipSpace(cursor: Cursor): void {
  match(cursor, /\s+/y);
}

/** Takes what a sticky pattern finds at the cursor. */
export function match(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.position;
  const found = pattern.exec(cursor.text)?.[0];
  cursor.position += found?.length ?? 0;
  return found;
}

/** Takes `true`, `false`, `null` or a number. */
export function readLiteral(cursor: Cursor): { readonly kind: 'literal'; readonly value: unknown } {
  const word = match(cursor, /true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
  if (word === undefined) throw unexpected(cursor);
  return { kind: 'literal', value: JSON.parse(word) };
}

/** The error for a text that goes on otherwise than its grammar does. */
export function unexpected(cursor: Cursor): SyntaxError {
  const rest = cursor.text.slice(cursor.position, cursor.position + 12);
  return new SyntaxError(
    rest === '' ? 'ends too early' : `has an unexpected '${rest}' at ${cursor.position + 1}`,
  );
}
