import { ATTACHED_FORMS, LEADING_FORMS, LEGAL_FORMS } from './legal-forms.ts';

/** A company's name as identity compares it. */
export interface CompanyName {
  /** The words without legal forms; never empty for a name that has a letter or a digit. */
  readonly words: readonly string[];
  /** The words in one line: equal for two spellings of one name. */
  readonly text: string;
  /** The legal forms that were left out. */
  readonly forms: readonly string[];
}

/** Letters that stay apart from their marks do not fall to them under Unicode's decomposition. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};

/** Lower case, no accents, no punctuation; `B.V.` and `B V` become `bv`, `&` becomes `and`. */
function fold(name: string): string[] {
  const plain = name
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßæœøđłþı]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/['’`´]s\b/g, 's')
    .replace(/['’`´]/g, '')
    .replace(/\s*[&+]\s*/g, ' and ')
    // A/S and N.V. are one word each; Hewlett-Packard and PSA/Opel are two.
    .replace(/\b(\p{L})[./](?=\p{L}\b)/gu, '$1')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return joinLetters(plain === '' ? [] : plain.split(' '));
}

/** Letters that stand alone are one abbreviation: `a b volvo` is `ab volvo`. */
function joinLetters(words: readonly string[]): string[] {
  const joined: string[] = [];
  let open = false;
  for (const word of words) {
    const isLetter = /^\p{L}$/u.test(word);
    const last = joined.at(-1);
    if (isLetter && open && last !== undefined) joined[joined.length - 1] = last + word;
    else joined.push(word);
    open = isLetter;
  }
  return joined;
}

/** What a name says of who the company is, and what only of its legal form. */
export function readCompanyName(name: string): CompanyName {
  const bare = name.replaceAll(ATTACHED_FORMS, ' ');
  let words = fold(bare.trim() === '' ? name : bare);
  const forms: string[] = [];
  for (;;) {
    const length = trailingForm(words);
    if (length === 0 || length === words.length) break;
    forms.push(words.slice(-length).join(' '));
    words = words.slice(0, -length);
    if (words.at(-1) === 'and' && words.length > 1) words = words.slice(0, -1);
  }
  while (words.length > 1 && LEADING_FORMS.has(words[0] ?? '')) {
    forms.push(words[0] ?? '');
    words = words.slice(1);
  }
  return { words, text: words.join(' '), forms };
}

/** How many of the last words are a legal form. */
function trailingForm(words: readonly string[]): number {
  const form = LEGAL_FORMS.find(
    (one) =>
      one.length <= words.length &&
      one.every((word, index) => word === words.at(index - one.length)),
  );
  return form?.length ?? 0;
}
