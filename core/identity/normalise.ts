/** At most 64 characters before the sign and 255 after it (RFC 5321), a dot, no spaces. */
const EMAIL = /^[^\s@<>"',;]{1,64}@[^\s@<>"',;]{1,250}\.[^\s@<>"',;.]{2,}$/u;

/**
 * An e-mail address as identity compares it: trimmed, in lower case. What stands after a plus is
 * kept, because nobody but the provider knows that it is the same mailbox. Undefined for what is
 * no address.
 */
export function normaliseEmail(text: string): string | undefined {
  const bracketed = /<([^<>]*)>\s*$/.exec(text);
  const email = (bracketed?.[1] ?? text)
    .trim()
    .replace(/^mailto:/i, '')
    .normalize('NFC')
    .toLowerCase();
  return EMAIL.test(email) ? email : undefined;
}

/** What people type when a form insists. */
const PLACEHOLDERS = new Set(['-', '.', 'n/a', 'na', 'none', 'null', 'test', 'unknown', 'x', 'xx']);

/**
 * A name as a person would write it: no stray spaces or control characters, and capitals where it
 * was typed all in one case. Mixed case is left alone, for van der Berg and McDonald know better.
 */
export function cleanName(text: string): string | undefined {
  const name = text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  if (name === '' || PLACEHOLDERS.has(name.toLowerCase())) return undefined;
  const oneCase = name === name.toUpperCase() || name === name.toLowerCase();
  return oneCase && name.length > 2 ? capitalise(name) : name;
}

const capitalise = (name: string) =>
  name
    .toLowerCase()
    .replace(
      /(^|[\s'’-])(\p{L})/gu,
      (_, before: string, letter: string) => before + capital(letter),
    );

/** A letter that has no capital of its own (ß, ᾐ) would become two, and is left alone. */
function capital(letter: string): string {
  const upper = letter.toUpperCase();
  return [...upper].length === 1 ? upper : letter;
}
