import { distance } from 'fastest-levenshtein';

/**
 * The allowed word that was probably meant: about a third of a word may be wrong before a guess
 * does more harm than good.
 */
export function didYouMean(written: unknown, allowed: readonly string[]): string | undefined {
  if (typeof written !== 'string' || written === '') return undefined;
  const lower = written.toLowerCase();
  const ranked = allowed
    .map((word) => ({ word, far: distance(lower, word.toLowerCase()) }))
    .sort((one, other) => one.far - other.far || (one.word < other.word ? -1 : 1));
  const [best] = ranked;
  const bound = Math.max(2, Math.floor(written.length / 3));
  return best !== undefined && best.far <= bound && best.far < written.length
    ? best.word
    : undefined;
}

/** `"a", "b" or "c"`, for messages. */
export function listed(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`);
  const last = quoted.pop();
  if (last === undefined) return 'nothing';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}
