import { type CompanyEvidence, comparableName } from './account-index.ts';
import { nameSimilarity } from './name-similarity.ts';

/** An account that a lead may belong to, with what breaks a tie. */
export interface AccountEntry extends CompanyEvidence {
  readonly id: string;
  readonly customer?: boolean | undefined;
  readonly target?: boolean | undefined;
  /** How many people of it are known. */
  readonly contacts?: number | undefined;
}

/** The rungs of the ladder, the firmest first. */
export type Rung = 'reference' | 'domain' | 'alias' | 'name' | 'alike' | 'acronym';

export interface Candidate {
  readonly account: AccountEntry;
  readonly rung: Rung;
  /** 0 to 1; rungs are at least `MARGIN` apart, but for the last two. */
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
      /** All of them, the best first. */
      readonly candidates: readonly Candidate[];
    };

/** How far the best account by its name has to be ahead of the next one. */
export const MARGIN = 0.08;
/** Names at least so alike climb the fifth rung, if something supports it. */
const VERY_ALIKE = 0.92;

const SCORES = {
  reference: 1,
  domain: 0.92,
  alias: 0.84,
  name: 0.76,
  /** The same name where one of the countries is not known. */
  nameAlone: 0.68,
  alike: 0.52,
  acronym: 0.44,
} as const;
const MOST_FOR_ALIKE = 0.6;
const PER_SUPPORT = 0.02;

/**
 * Which account a lead belongs to: by a vendor's reference, the domain, an alias of it, the same
 * name in the same country, a name very much alike or the first letters of it, where something
 * supports it. Of several with the same reference or domain, customers go first, then targets, then
 * those with most contacts; several by name within the margin are left to a person. The order of
 * the entries does not matter, nor do entries that nothing speaks for.
 */
export function climb(lead: CompanyEvidence, entries: readonly AccountEntry[]): MatchVerdict {
  const candidates = entries
    .map((account) => judge(lead, account))
    .filter((one) => one !== undefined)
    .sort(inPreference);
  const [best, runnerUp] = candidates;
  if (best === undefined) return { kind: 'none' };
  const margin = runnerUp === undefined ? undefined : hundredths(best.score - runnerUp.score);
  const isFirm = best.rung === 'reference' || best.rung === 'domain' || best.rung === 'alias';
  const isClear = isFirm || margin === undefined || margin >= MARGIN;
  return { kind: isClear ? 'matched' : 'ambiguous', best, runnerUp, margin, candidates };
}

const hundredths = (score: number) => Math.round(score * 100) / 100;

function inPreference(one: Candidate, other: Candidate): number {
  return other.score - one.score || byStanding(one.account, other.account);
}

function byStanding(one: AccountEntry, other: AccountEntry): number {
  return (
    Number(other.customer ?? false) - Number(one.customer ?? false) ||
    Number(other.target ?? false) - Number(one.target ?? false) ||
    (other.contacts ?? 0) - (one.contacts ?? 0) ||
    (one.id < other.id ? -1 : Number(one.id > other.id))
  );
}

function judge(lead: CompanyEvidence, account: AccountEntry): Candidate | undefined {
  const ref = account.refs.find((one) => lead.refs.includes(one));
  if (ref !== undefined)
    return { account, rung: 'reference', score: SCORES.reference, evidence: [`known as ${ref}`] };
  const [main, ...aliases] = account.domains;
  const [sought] = lead.domains;
  if (sought !== undefined && sought === main)
    return { account, rung: 'domain', score: SCORES.domain, evidence: [`domain ${sought}`] };
  const alias = lead.domains.find((one) => one === main || aliases.includes(one));
  if (alias !== undefined)
    return { account, rung: 'alias', score: SCORES.alias, evidence: [`other domain ${alias}`] };
  return judgeByName(lead, account);
}

function judgeByName(lead: CompanyEvidence, account: AccountEntry): Candidate | undefined {
  const [one, other] = [comparableName(lead.name), comparableName(account.name)];
  if (one === undefined || other === undefined || isContradicted(lead, account)) return undefined;
  const support = supportOf(lead, account);
  const { score: likeness, how } = nameSimilarity(one, other);
  if (how === 'same') {
    const score = lead.country !== undefined && lead.country === account.country;
    const evidence = [`the same name "${account.name}"`, ...support];
    return { account, rung: 'name', score: score ? SCORES.name : SCORES.nameAlone, evidence };
  }
  if (support.length === 0) return undefined;
  const more = (support.length - 1) * PER_SUPPORT;
  if (how === 'acronym') {
    const evidence = [`"${lead.name}" is short for or long for "${account.name}"`, ...support];
    return { account, rung: 'acronym', score: hundredths(SCORES.acronym + more), evidence };
  }
  if (likeness < VERY_ALIKE) return undefined;
  const score = Math.min(MOST_FOR_ALIKE, SCORES.alike + (likeness - VERY_ALIKE) + more);
  const evidence = [`name "${account.name}" alike by ${hundredths(likeness)}`, ...support];
  return { account, rung: 'alike', score: hundredths(score), evidence };
}

/** One name in two countries is two companies; so it is with two domains of different brands. */
function isContradicted(lead: CompanyEvidence, account: AccountEntry): boolean {
  if (lead.country !== undefined && account.country !== undefined)
    if (lead.country !== account.country) return true;
  if (lead.domains.length === 0 || account.domains.length === 0) return false;
  return !sharesBrand(lead, account);
}

const brandOf = (domain: string) => domain.slice(0, domain.indexOf('.'));

/** Whether domains differ by no more than their endings: `acme.de` and `acme.com`. */
const sharesBrand = (lead: CompanyEvidence, account: AccountEntry) =>
  lead.domains.some((one) => account.domains.some((other) => brandOf(one) === brandOf(other)));

function supportOf(lead: CompanyEvidence, account: AccountEntry): string[] {
  const same = <T>(one: T | undefined, other: T | undefined) => one !== undefined && one === other;
  return [
    ...(same(lead.country, account.country) ? [`country ${account.country}`] : []),
    ...(same(lead.region, account.region) ? [`region ${account.region}`] : []),
    ...(sharesBrand(lead, account)
      ? [`domain ${lead.domains[0]} beside ${account.domains[0]}`]
      : []),
  ];
}
