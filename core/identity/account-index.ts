import { type CompanyName, readCompanyName } from './company-name.ts';
import { acronymOf, tellingWords } from './name-similarity.ts';
import type { KnownPhones } from './phone.ts';

/** Somebody who is known already, and the account that they belong to. */
export interface KnownContact {
  readonly accountId: string;
  /** By what they are known, in words. */
  readonly how: string;
}

/** What tells which company is meant, of a lead as of an account. */
export interface CompanyEvidence {
  readonly name?: string | undefined;
  /** The name as it is compared, where it was read before. */
  readonly read?: CompanyName | undefined;
  /** Registrable domains, the company's main one first. */
  readonly domains: readonly string[];
  /** Names of vendors' accounts as `connection/kind/id`. */
  readonly refs: readonly string[];
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined;
  readonly region?: string | undefined;
  readonly postcode?: string | undefined;
  readonly city?: string | undefined;
  readonly phones?: KnownPhones | undefined;
  /** People whom a lead's own address or records lead to; of an account none. */
  readonly knownContacts?: readonly KnownContact[] | undefined;
}

/** What forms are given in place of a company: it names none. */
const NOBODY = new Set([
  ...['na', 'none', 'test', 'unknown', 'self', 'self employed', 'freelance', 'freelancer', 'x'],
  ...['private', 'privat', 'student', 'individual', 'personal', 'retired', 'home', 'xx', 'xxx'],
  ...['not applicable', 'company', 'my company', 'no company', 'keine', 'aucune', 'asdf'],
]);

/** A company's name that can be compared; undefined for what names no company. */
export function comparableName(name: string | undefined) {
  const read = name === undefined ? undefined : readCompanyName(name);
  return read === undefined || read.text === '' || NOBODY.has(read.text) ? undefined : read;
}

/** Names with more words than this are found by the first ones. */
const MOST_WORDS = 4;
/** Slips of the pen seldom hit the first letters. */
const START = 4;

/** The keys that decide: vendors' names of an account, and domains. */
export const firmKeys = ({ domains, refs }: CompanyEvidence): string[] => [
  ...refs.map((ref) => `ref:${ref}`),
  ...domains.map((domain) => `domain:${domain}`),
];

type NamedCompany = Pick<CompanyEvidence, 'name' | 'read'>;

/**
 * The keys under which names that might mean one company meet: the whole name, each telling word,
 * the start of the first one and the first letters. Alike for leads and accounts.
 */
export function nameKeys({ name, read = comparableName(name) }: NamedCompany): string[] {
  if (read === undefined) return [];
  const words = tellingWords(read).slice(0, MOST_WORDS);
  const first = words[0];
  const acronym = acronymOf(read);
  return [
    ...new Set([
      `name:${read.text}`,
      ...words.map((word) => `word:${word}`),
      ...(first === undefined || first.length <= START ? [] : [`start:${first.slice(0, START)}`]),
      ...(acronym === undefined ? [] : [`word:${acronym}`]),
    ]),
  ];
}

/** The entries of a list that share a key with what is looked for. */
export function blocked<T extends CompanyEvidence>(
  sought: CompanyEvidence,
  entries: readonly T[],
): T[] {
  const keys = new Set([...firmKeys(sought), ...nameKeys(sought)]);
  return entries.filter((entry) =>
    [...firmKeys(entry), ...nameKeys(entry)].some((key) => keys.has(key)),
  );
}
