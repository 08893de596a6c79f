/**
 * SQLite gives a text back up to its first NUL, so in keys that character stands as two others. The
 * order of keys and their prefixes stay what they were.
 */
export const keyText = (key: string) =>
  key.replaceAll('\u0001', '\u0001\u0002').replaceAll('\u0000', '\u0001\u0001');

/** The key that such a text stands for. */
export const keyOfText = (text: string) =>
  text.replaceAll('\u0001\u0001', '\u0000').replaceAll('\u0001\u0002', '\u0001');
