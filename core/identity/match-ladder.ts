import { type CompanyEvidence, comparableName } from './account-index.ts';
import type { CompanyName } from './company-name.ts';
import { nameSimilarity, VERY_ALIKE } from './name-similarity.ts';
import { isContradicted, supportOf } from './support.ts';
import { aheadBecause, byStanding, type Standing } from './tie-break.ts';

/** An account that a lead may belong to, with what breaks a tie. */
export interface AccountEntry extends CompanyEvidence, Standing {}

/** The rungs of the ladder, the firmest first. */
export type Rung = 'reference' | 'contact' | 'domain' | 'alias' | 'name' | 'alike' | 'acronym';

export interface Candidate {
  readonly account: AccountEntry;
  readonly rung: Rung;
  /** 0 to 1; rungs are at least `MARGIN` apart, but for the first two and the last two. */
  readonly score: number;
  /** What speaks for it, in words. */
  readonly evidence: readonly string[];
}

export type MatchVerdict =
  | { readonly kind: 'none' }
  | {
      /** `ambiguous` where a person has to say which one it is. */
      readonly kind: 'matched' | 'ambiguous';
      readonly best: Candidate;
      readonly runnerUp?: Candidate | undefined;
      /** How far the best is ahead of the runner-up; absent where there is none. */
      readonly margin?: number | undefined;
      /** Why the best goes before a runner-up for which as much speaks. */
      readonly tieBreak?: string | undefined;
      /** All of them, the best first. */
      readonly candidates: readonly Candidate[];
    };

/** How far the best account by its name has to be ahead of the next one. */
export const MARGIN = 0.08;

const SCORES = {
  reference: 1,
  contact: 1,
  domain: 0.92,
  alias: 0.84,
  name: 0.76,
  /** The same name where one of the countries is not known. */
  nameAlone: 0.68,
  alike: 0.52,
  acronym: 0.44,
} as const;
const MOST_FOR_ALIKE = 0.6;
const MOST_FOR_ACRONYM = 0.48;
const PER_SUPPORT = 0.02;

/**
 * Which account a lead belongs to: by a vendor's reference or a known contact, the domain, an alias
 * of it, the same name in the same country, a name very much alike or the first letters of it, where
 * something supports it. Of several with the same reference, contact or domain their standing
 * decides (`tie-break.ts`); several by name within the margin are left to a person. The order of the
 * entries does not matter, nor do entries that nothing speaks for.
 */
export function climb(lead: CompanyEvidence, entries: readonly AccountEntry[]): MatchVerdict {
  const candidates = candidatesOf(lead, entries);
  if (candidates.length > 1) candidates.sort(inPreference);
  const best = candidates[0];
  if (best === undefined) return { kind: 'none' };
  const runnerUp = candidates[1];
  if (runnerUp === undefined) return { kind: 'matched', best, candidates };
  const margin = hundredths(best.score - runnerUp.score);
  const kind = isFirm(best.rung) || margin >= MARGIN ? 'matched' : 'ambiguous';
  const isBroken = kind === 'matched' && isTie(best, runnerUp);
  const tieBreak = isBroken ? aheadBecause(best.account, runnerUp.account) : undefined;
  return { kind, best, runnerUp, margin, tieBreak, candidates };
}

function candidatesOf(lead: CompanyEvidence, entries: readonly AccountEntry[]): Candidate[] {
  const candidates: Candidate[] = [];
  let name: CompanyName | undefined;
  for (const account of entries) {
    const firm = judgeFirmly(lead, account);
    if (firm === undefined) name ??= nameOf(lead);
    const candidate = firm ?? judgeByName(lead, name, account);
    if (candidate !== undefined) candidates.push(candidate);
  }
  return candidates;
}

/** Those for which as much speaks as for the best: what breaks the tie has to be known of them. */
export function tiedOf(verdict: MatchVerdict): AccountEntry[] {
  if (verdict.kind === 'none') return [];
  const tied = verdict.candidates.filter((one) => isTie(verdict.best, one));
  return tied.length < 2 ? [] : tied.map(({ account }) => account);
}

/** Rungs that need no support: several on one of them differ in standing alone. */
const FIRM: ReadonlySet<Rung> = new Set(['reference', 'contact', 'domain', 'alias']);
export const isFirm = (rung: Rung) => FIRM.has(rung);
const isTie = (one: Candidate, other: Candidate) =>
  one.score === other.score && one.rung === other.rung;

const hundredths = (score: number) => Math.round(score * 100) / 100;

/** Of what has one score, a link of the CRM goes before what is known of a contact. */
const inPreference = (one: Candidate, other: Candidate): number =>
  other.score - one.score ||
  Number(other.rung === 'reference') - Number(one.rung === 'reference') ||
  byStanding(one.account, other.account);

const nameOf = ({ read, name }: CompanyEvidence) => read ?? comparableName(name);

function judgeFirmly(lead: CompanyEvidence, account: AccountEntry): Candidate | undefined {
  const { refs, knownContacts, domains } = lead;
  const ref = refs.length === 0 ? undefined : refs.find((one) => account.refs.includes(one));
  if (ref !== undefined) return firmly(account, 'reference', `known as ${ref}`);
  const known = knownContacts?.find(({ accountId }) => accountId === account.id);
  if (known !== undefined) return firmly(account, 'contact', known.how);
  const sought = domains[0];
  if (sought === undefined) return undefined;
  if (sought === account.domains[0]) return firmly(account, 'domain', `domain ${sought}`);
  const alias = domains.find((one) => account.domains.includes(one));
  return alias === undefined ? undefined : firmly(account, 'alias', `other domain ${alias}`);
}

const firmly = (
  account: AccountEntry,
  rung: 'reference' | 'contact' | 'domain' | 'alias',
  why: string,
): Candidate => ({ account, rung, score: SCORES[rung], evidence: [why] });

function judgeByName(
  lead: CompanyEvidence,
  one: CompanyName | undefined,
  account: AccountEntry,
): Candidate | undefined {
  const other = one && nameOf(account);
  if (one === undefined || other === undefined || isContradicted(lead, account)) return undefined;
  const { score: likeness, how } = nameSimilarity(one, other);
  if (likeness < VERY_ALIKE && how !== 'acronym') return undefined;
  const support = supportOf(lead, account);
  if (how === 'same') {
    const score = lead.country !== undefined && lead.country === account.country;
    const evidence = [`the same name "${account.name}"`, ...support];
    return { account, rung: 'name', score: score ? SCORES.name : SCORES.nameAlone, evidence };
  }
  if (support.length === 0) return undefined;
  const more = (support.length - 1) * PER_SUPPORT;
  if (how === 'acronym') {
    const score = Math.min(MOST_FOR_ACRONYM, SCORES.acronym + more);
    const evidence = [`"${lead.name}" is short for or long for "${account.name}"`, ...support];
    return { account, rung: 'acronym', score: hundredths(score), evidence };
  }
  const score = Math.min(MOST_FOR_ALIKE, SCORES.alike + (likeness - VERY_ALIKE) + more);
  const evidence = [`name "${account.name}" alike by ${hundredths(likeness)}`, ...support];
  return { account, rung: 'alike', score: hundredths(score), evidence };
}
