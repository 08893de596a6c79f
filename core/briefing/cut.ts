/** The text, or as much of it as fits with a sign that something is missing. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const kept = text.slice(0, length - 1);
  // Half of a surrogate pair would show as a broken character.
  const whole = /[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept;
  return `${whole.trimEnd()}…`;
}

/** A name in quotation marks: on one line, and with no marks of its own that end it early. */
export function quote(name: string, length: number): string {
  const plain = name
    .replace(/\s+/gu, ' ')
    .replace(/[“”"„]/gu, "'")
    .trim();
  return `“${cut(plain, length)}”`;
}
