import {
  type CompanyEvidence,
  comparableName,
  firmKeys,
  nameKeys,
} from '#core/identity/account-index.ts';
import type { CompanyName } from '#core/identity/company-name.ts';
import { type AccountEntry, climb } from '#core/identity/match-ladder.ts';
import { nameSimilarity } from '#core/identity/name-similarity.ts';
import { seededRandom } from '#platform/embedded/seeded-random.ts';
import type { Effort, Figure } from '../benchmark.ts';
import { inTurns } from '../measure/rounds.ts';
import { figure } from '../measure/samples.ts';
import { ratePerSecond } from './rate.ts';

/** Leads matched to one of many accounts that are in memory, by domain and by a name with a slip. */
export async function accountMatch(
  effort: Effort,
  seconds: number,
  count: number,
): Promise<Figure[]> {
  const accounts = makeAccounts(count);
  const every = Math.ceil(count / 200);
  const chosen = accounts.filter((_, index) => index % every === 0);
  const byDomain = chosen.map(({ domains }): CompanyEvidence => ({ domains, refs: [] }));
  const byName = chosen.map(({ name = '', country }): CompanyEvidence => {
    return { name: withSlip(name), domains: [], refs: [], country };
  });
  const index = indexOf(accounts);
  const read = new Map(accounts.map(({ id, name }) => [id, comparableName(name)]));
  const ladder = (lead: CompanyEvidence) => place(lead, index);
  const plain = (lead: CompanyEvidence) => mostAlike(lead, index, read);
  mustFind(byDomain, chosen, index);
  const taken = await inTurns(effort, {
    domain: async () => ratePerSecond(byDomain, seconds, ladder),
    plainDomain: async () => ratePerSecond(byDomain, seconds, plain),
    name: async () => ratePerSecond(byName, seconds, ladder),
    plainName: async () => ratePerSecond(byName, seconds, plain),
  });
  const aim = { text: '≥ 1/3', holds: (ratio: number) => ratio >= 1 / 3 };
  const of = `of ${count.toLocaleString('en-US')} accounts`;
  return [
    figure({
      what: `account by domain, ${of}`,
      unit: '/s',
      samples: taken.domain,
      bound: { what: 'a map', samples: taken.plainDomain },
      aim,
    }),
    figure({
      what: `account by a name with a slip, ${of}`,
      unit: '/s',
      samples: taken.name,
      bound: { what: 'loop over the same candidates', samples: taken.plainName },
      aim,
    }),
  ];
}

type Index = ReadonlyMap<string, readonly AccountEntry[]>;

function indexOf(accounts: readonly AccountEntry[]): Index {
  const index = new Map<string, AccountEntry[]>();
  for (const account of accounts) {
    for (const key of [...firmKeys(account), ...nameKeys(account)]) {
      const entries = index.get(key) ?? [];
      entries.push(account);
      index.set(key, entries);
    }
  }
  return index;
}

/** Each account once, however many of the keys lead to it. */
function under(keys: readonly string[], index: Index): readonly AccountEntry[] {
  const [first = [], ...others] = keys.map((key) => index.get(key) ?? []);
  if (others.length === 0) return first;
  const found = new Set(first);
  for (const entries of others) for (const entry of entries) found.add(entry);
  return [...found];
}

/** As the hub does it: names only where neither reference nor domain leads anywhere. */
function place(lead: CompanyEvidence, index: Index): number {
  const firm = climb(lead, under(firmKeys(lead), index));
  const verdict = firm.kind === 'none' ? climb(lead, under(nameKeys(lead), index)) : firm;
  return verdict.kind === 'none' ? 0 : verdict.best.score;
}

/** Without evidence, ties or contradictions: the account of the domain, else the name most alike. */
function mostAlike(
  lead: CompanyEvidence,
  index: Index,
  read: ReadonlyMap<string, CompanyName | undefined>,
): number {
  for (const domain of lead.domains) if (index.has(`domain:${domain}`)) return 1;
  const sought = comparableName(lead.name);
  if (sought === undefined) return 0;
  let best = 0;
  for (const { id } of under(nameKeys(lead), index)) {
    const name = read.get(id);
    if (name !== undefined) best = Math.max(best, nameSimilarity(sought, name).score);
  }
  return best;
}

function mustFind(
  leads: readonly CompanyEvidence[],
  wanted: readonly AccountEntry[],
  index: Index,
) {
  for (const [at, lead] of leads.entries()) {
    const verdict = climb(lead, under(firmKeys(lead), index));
    if (verdict.kind !== 'none' && verdict.best.account.id === wanted[at]?.id) continue;
    throw new Error(`${lead.domains[0]} led to another account.`);
  }
}

const SYLLABLES =
  'ba co du fen gro hil jor kal lum mar nov ost pra qui rem sol tur van wex zan'.split(' ');
const FORMS = ['GmbH', 'Inc.', 'Ltd', 'B.V.', 'S.A.'];
const COUNTRIES = ['DE', 'US', 'GB', 'NL', 'FR'];

function makeAccounts(count: number): AccountEntry[] {
  const random = seededRandom('accounts');
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)];
  const word = (length: number) => Array.from({ length }, () => pick(SYLLABLES)).join('');
  // The index keeps names as they are compared: nobody reads them anew for each lead.
  return Array.from({ length: count }, (_, n): AccountEntry => {
    const [first, second] = [word(3), word(2)];
    const at = Math.floor(random() * FORMS.length);
    const name = `${first[0]?.toUpperCase()}${first.slice(1)} ${second} ${FORMS[at]}`;
    const domains = [`${first}-${second}-${n}.example`];
    const read = comparableName(name);
    return { id: `acc_${n}`, name, read, domains, refs: [], country: COUNTRIES[at] };
  });
}

/** The fifth letter doubled. */
const withSlip = (name: string) => `${name.slice(0, 5)}${name.slice(4)}`;
