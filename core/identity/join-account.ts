import type { Records, Write } from '#core/ports/records.ts';
import { type Account, accountIdOf, accountIdOfName, accountItem } from '#core/records/account.ts';
import type { Person } from '#core/records/person.ts';
import type { Stored } from '#core/records/store.ts';
import { comparableName } from './account-index.ts';
import { type Ambiguity, ambiguityItem, ambiguityKey } from './ambiguity.ts';
import { accountKeyItems, evidenceOf, findAccount } from './find-account.ts';
import type { Candidate, MatchVerdict } from './match-ladder.ts';

export interface Joined {
  readonly accountId: string | null;
  /** By what, in a few words. */
  readonly how: string;
  /** What the timeline says. */
  readonly title: string;
  /** What explains it: score, evidence, runner-up. */
  readonly detail: Readonly<Record<string, unknown>>;
  /** The account, what it is found by, and what waits for a person to decide. */
  readonly writes: Write[];
}

/**
 * Which account a person belongs to by all that is known now: one that is there, a new one for a
 * domain or a name that no account has, or none. Of several by name none is taken, unless the
 * person is with one of them already; the others wait in the queue `account-matching`.
 */
export async function joinAccount(records: Records, person: Person, now: Date): Promise<Joined> {
  const { verdict, stored } = await findAccount(records, evidenceOf(person));
  if (verdict.kind === 'none') return settled(person, made(person));
  if (verdict.kind === 'matched') return settled(person, matched(person, verdict, stored));
  const kept = verdict.candidates.find(({ account }) => account.id === person.accountId);
  if (kept === undefined) return ambiguous(person, verdict, now);
  const how = 'matched before';
  const title = `account ${labelOf(kept)} as before`;
  return settled(person, {
    accountId: kept.account.id,
    how,
    title,
    detail: reasons(kept, verdict),
    writes: [],
  });
}

const labelOf = ({ account }: Candidate) => account.name ?? account.domains[0] ?? account.id;

/** Doubtful ones often have one name: their domains tell them apart. */
function fullLabelOf({ account }: Candidate): string {
  const { id, name, domains, country } = account;
  return name === undefined ? (domains[0] ?? id) : `${name} (${domains[0] ?? country ?? id})`;
}

function reasons(best: Candidate, verdict: Exclude<MatchVerdict, { kind: 'none' }>) {
  const { margin, candidates } = verdict;
  const next = candidates.find((one) => one !== best);
  return {
    rung: best.rung,
    score: best.score,
    evidence: best.evidence,
    why: best.evidence.join(', '),
    ...(margin === undefined ? {} : { margin }),
    ...(next === undefined ? {} : { runnerUp: `${fullLabelOf(next)}, ${next.score}` }),
  };
}

/** Whoever has an account waits for nobody. */
function settled({ id }: Person, joined: Joined): Joined {
  if (joined.accountId === null) return joined;
  return { ...joined, writes: [...joined.writes, { remove: ambiguityKey(id) }] };
}

function ambiguous(
  person: Person,
  verdict: Exclude<MatchVerdict, { kind: 'none' }>,
  now: Date,
): Joined {
  const named = verdict.candidates.map(fullLabelOf);
  const ambiguity: Ambiguity = {
    personId: person.id,
    queue: 'account-matching',
    candidates: verdict.candidates.map((one) => ({
      accountId: one.account.id,
      name: fullLabelOf(one),
      rung: one.rung,
      score: one.score,
      evidence: [...one.evidence],
    })),
    at: now.toISOString(),
    nextAction: { what: 'say which account it is', at: new Date(+now + DAY_MS).toISOString() },
  };
  return {
    accountId: null,
    how: `ambiguous: ${named.length} accounts`,
    title: `no account yet: ${named.length} may be meant, and somebody has to say which`,
    detail: { ...reasons(verdict.best, verdict), candidates: named, ...queued(ambiguity) },
    writes: [{ put: ambiguityItem(ambiguity) }],
  };
}

const DAY_MS = 86_400_000;
const queued = ({ queue, nextAction }: Ambiguity) => ({ queue, nextAction });

function matched(
  person: Person,
  verdict: Exclude<MatchVerdict, { kind: 'none' }>,
  stored: Stored<Account> | undefined,
): Joined {
  const { best } = verdict;
  const { id } = best.account;
  const writes = stored === undefined ? [] : learn(stored, { ...learnt(person), ...stored.data });
  const [domain] = best.account.domains;
  const how = best.rung === 'domain' ? `domain ${domain}` : (best.evidence[0] ?? best.rung);
  const by = best.rung === 'domain' ? 'its domain' : how;
  return {
    accountId: id,
    how,
    title: `account ${labelOf(best)} by ${by}`,
    detail: { accountId: id, how, made: false, ...reasons(best, verdict) },
    writes,
  };
}

/** An account of its own for a domain, or else for a name, that nobody has. */
function made(person: Person): Joined {
  const { domains, name, country } = evidenceOf(person);
  const [domain] = domains;
  const comparable = comparableName(name);
  if (domain === undefined && comparable === undefined) {
    const how = 'no company domain is known';
    return { accountId: null, how, title: `no account: ${how}`, detail: {}, writes: [] };
  }
  const id =
    domain === undefined ? accountIdOfName(comparable?.text ?? '', country) : accountIdOf(domain);
  const account: Account = { id, ...learnt(person) };
  const how = domain === undefined ? 'company name' : `domain ${domain}`;
  return {
    accountId: id,
    how,
    title: `account ${account.name ?? domain} by its ${domain === undefined ? 'name' : 'domain'}`,
    detail: { accountId: id, how, made: true, rung: 'new', score: 0, evidence: [`${how} is new`] },
    writes: [{ put: accountItem(account, 1), if: 'absent' }, ...keyWrites(account)],
  };
}

/** What a person tells of the account they belong to. */
function learnt(person: Person): Partial<Account> {
  const { company: name, industry, employees, country, region } = person.facts;
  const [domain] = evidenceOf(person).domains;
  return known({ domain, name, industry, employees, country, region });
}

/** What is known of an account stays: one that learns nothing new is not written again. */
function learn({ data, version }: Stored<Account>, account: Account): Write[] {
  if (Object.keys(account).every((field) => Object.hasOwn(data, field))) return [];
  return [{ put: accountItem(account, version + 1), if: { version } }, ...keyWrites(account)];
}

const keyWrites = (account: Account): Write[] => accountKeyItems(account).map((put) => ({ put }));

const known = <T extends object>(facts: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as never;
