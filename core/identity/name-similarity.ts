import { distance } from 'fastest-levenshtein';
import type { CompanyName } from './company-name.ts';
import { LEGAL_FORMS } from './legal-forms.ts';

/** How alike two names are, and what tells so. */
export interface NameSimilarity {
  /** 0 for nothing in common, 1 for the same words. */
  readonly score: number;
  readonly how: 'same' | 'same words' | 'alike' | 'acronym';
}

/** Names at least so alike are taken for one company when something else supports it. */
export const ALIKE = 0.72;
/** Names at least so alike climb the ladder's rung for them, if something supports it. */
export const VERY_ALIKE = 0.92;

/** Words that say what a company does or where, not which one it is. */
const COMMON = new Set(
  (
    'group holding holdings holdco beheer beheermaatschappij investments investment invest capital ' +
    'partners ventures management services service serv solutions systems technologies technology ' +
    'tech software consulting consultancy consultants advies adviseurs international global ' +
    'worldwide europe european america americas usa uk nederland dutch deutschland france italia ' +
    'espana iberica nordic asia pacific enterprises enterprise industries industrial products ' +
    'trading handel bank insurance media digital labs studio studios agency properties vastgoed ' +
    'onroerend real estate pensioen finance financial development projecten bouw energy health ' +
    'medical praktijk transport logistics retail foods communications networks data online web'
  ).split(' '),
);
/** Words that carry next to nothing. */
const PARTICLES = new Set(
  'and the of for de der den het van von zu zur la le les du des di del della da do dos das el los las y e et und en i a'.split(
    ' ',
  ),
);

const COMMON_WEIGHT = 0.3;
const PARTICLE_WEIGHT = 0.1;
const INITIALS_WEIGHT = 0.5;

/** A legal form that stands in the midst of a name. */
const FORMS = new Set(LEGAL_FORMS.filter(({ length }) => length === 1).flat());

/** How much a word tells of which company it is; initials less than a word, a number as much. */
function weightOf(word: string): number {
  if (PARTICLES.has(word) || FORMS.has(word)) return PARTICLE_WEIGHT;
  if (COMMON.has(word)) return COMMON_WEIGHT;
  return /^\p{L}{1,3}$/u.test(word) ? INITIALS_WEIGHT : 1;
}

/**
 * The share of what the words of two names tell that both have: a Dice coefficient over words
 * weighted by how much they tell, where words that differ by a slip of the pen count in part.
 * What is in common but tells nothing (`Holding`, `van der`) makes no match.
 */
export function nameSimilarity(one: CompanyName, other: CompanyName): NameSimilarity {
  if (one.text === other.text) return { score: 1, how: 'same' };
  if (hasSameLetters(one, other)) return { score: 0.99, how: 'same words' };
  if (hasSameWords(one, other)) return { score: 0.97, how: 'same words' };
  if (isAcronym(one, other) || isAcronym(other, one)) return { score: 0.7, how: 'acronym' };

  const left = [...other.words];
  let shared = 0;
  for (const word of one.words) {
    const best = closest(word, left);
    if (best === undefined) continue;
    left.splice(best.index, 1);
    shared += best.likeness * (weightOf(word) + weightOf(best.word));
  }
  return { score: Math.min(0.96, shared / (told(one) + told(other))), how: 'alike' };
}

/** Thousands of names are compared with one: what can't be the same is told by its length. */
const hasSameLetters = (one: CompanyName, other: CompanyName) =>
  one.text.length - one.words.length === other.text.length - other.words.length &&
  one.text.replaceAll(' ', '') === other.text.replaceAll(' ', '');
const hasSameWords = (one: CompanyName, other: CompanyName) =>
  one.text.length === other.text.length &&
  one.words.length === other.words.length &&
  sorted(one) === sorted(other);
const sorted = ({ words }: CompanyName) => words.toSorted().join(' ');
const told = ({ words }: CompanyName) => words.reduce((sum, word) => sum + weightOf(word), 0);

/** Shorter words must be the same: `BMW` is not `BMX`. */
const LEAST_LETTERS = 5;
/** One slip in five letters. */
const LEAST_LIKENESS = 0.8;

function closest(
  word: string,
  words: readonly string[],
): { index: number; word: string; likeness: number } | undefined {
  let best: { index: number; word: string; likeness: number } | undefined;
  for (const [index, candidate] of words.entries()) {
    const likeness = likenessOf(word, candidate);
    if (likeness > (best?.likeness ?? 0)) best = { index, word: candidate, likeness };
  }
  return best;
}

function likenessOf(one: string, other: string): number {
  if (one === other) return 1;
  const longest = Math.max(one.length, other.length);
  if (Math.min(one.length, other.length) < LEAST_LETTERS) return 0;
  const likeness = 1 - distance(one, other) / longest;
  // Slips seldom hit the first letter.
  return likeness >= LEAST_LIKENESS && one[0] === other[0] ? likeness : 0;
}

/** The words that tell which company it is; all words where none does. */
export function tellingWords({ words }: CompanyName): readonly string[] {
  const telling = words.filter((word) => weightOf(word) >= INITIALS_WEIGHT);
  return telling.length === 0 ? words : telling;
}

/** The first letters of a name of three words or more. */
export function acronymOf({ words }: CompanyName): string | undefined {
  const telling = words.filter((one) => !PARTICLES.has(one));
  return telling.length >= 3 ? telling.map((one) => one[0]).join('') : undefined;
}

/** Whether one name is the first letters of the other: `IBM`, International Business Machines. */
function isAcronym(short: CompanyName, long: CompanyName): boolean {
  const [word] = short.words;
  if (word === undefined || short.words.length > 1 || word.length < 3) return false;
  return acronymOf(long) === word;
}
