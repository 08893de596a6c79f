import type { Records, Write } from '#core/ports/records.ts';
import {
  Account,
  accountIdOf,
  accountIdOfName,
  accountItem,
  accountKey,
} from '#core/records/account.ts';
import type { Person, Picked } from '#core/records/person.ts';
import { read, type Stored } from '#core/records/store.ts';
import { comparableName } from './account-index.ts';
import { accountNews, keysAwaited } from './account-news.ts';
import { Ambiguity, ambiguityItem, ambiguityKey } from './ambiguity.ts';
import { awaitedKeys, isAwaited } from './awaited.ts';
import { PROVIDERS, providerKind } from './domain.ts';
import { accountKeyItems, evidenceOf, findAccount, knownContacts } from './find-account.ts';
import { type Candidate, isFirm, type MatchVerdict } from './match-ladder.ts';
import { phoneStart } from './phone.ts';

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
  /** Keys of accounts that would lead the person elsewhere. */
  readonly awaits: readonly string[];
}

/**
 * Which account a person belongs to by all that is known now: what somebody said, one that is
 * there, a new one for a domain or a name that no account has, or none. Of several by name none is
 * taken, unless the person is with one of them already; the others wait in the queue
 * `account-matching`. Whom nothing leads to another account stays with theirs. An account `aside`
 * is left only for one that is as firm or the only one of the name, and joined by nobody.
 */
export async function joinAccount(
  records: Records,
  person: Person,
  now: Date,
  aside?: string,
): Promise<Joined> {
  const joined = await decided(records, person, now, aside);
  return { ...joined, writes: [...joined.writes, ...(await newsOf(records, joined, now))] };
}

/** An account that was made, or learnt something, where somebody else waits for that. */
async function newsOf(records: Records, { writes }: Joined, now: Date): Promise<Write[]> {
  const [put] = writes.flatMap((one) =>
    'put' in one && one.put.type === 'account' ? [one.put] : [],
  );
  if (put === undefined) return [];
  const account = Account.parse(put.data);
  if (!(await isAwaited(records, keysAwaited(account)))) return [];
  return accountNews(undefined, account, { version: put.version, at: now.toISOString() });
}

async function decided(
  records: Records,
  person: Person,
  now: Date,
  aside: string | undefined,
): Promise<Joined> {
  if (person.picked !== undefined) return settled(person, picked(person.picked));
  const known = await knownContacts(records, person);
  const sought = { ...evidenceOf(person), knownContacts: known };
  const { verdict, stored } = await findAccount(records, sought, aside);
  if (aside !== undefined && !leadsOn(person, verdict)) return stays(person);
  if (verdict.kind === 'none') return settled(person, await unknown(records, person, now));
  if (verdict.kind === 'matched') return settled(person, matched(person, verdict, stored));
  const kept = verdict.candidates.find(({ account }) => account.id === person.accountId);
  if (kept === undefined) return ambiguous(records, person, verdict, now);
  const how = 'matched before';
  const title = `account ${labelOf(kept)} as before`;
  return settled(person, {
    accountId: kept.account.id,
    how,
    title,
    detail: reasons(kept, verdict),
    writes: [],
    awaits: awaitedKeys(person),
  });
}

/** Whoever is with an account that gives way goes only where no person has to choose. */
const leadsOn = ({ accountId }: Person, { kind }: MatchVerdict): boolean =>
  kind === 'matched' || (kind === 'ambiguous' && accountId === undefined);

function stays({ accountId, awaits = [] }: Person): Joined {
  const how = 'as before';
  return { accountId: accountId ?? null, how, title: how, detail: {}, writes: [], awaits };
}

/** What somebody said stands until somebody says otherwise. */
function picked({ accountId, by, at, why }: Picked): Joined {
  const how = `${by} said so on ${at.slice(0, 10)}`;
  const title =
    accountId === null ? `no account, as ${by} said` : `account ${accountId}, as ${by} said`;
  const said = why === undefined ? how : `${how}: ${why}`;
  const detail = { accountId, how, made: false, rung: 'picked', score: 1, evidence: [said] };
  return { accountId, how, title, detail: { ...detail, why: said }, writes: [], awaits: [] };
}

const labelOf = ({ account }: Candidate) => account.name ?? account.domains[0] ?? account.id;

/** Doubtful ones often have one name: their domains tell them apart. */
function fullLabelOf({ account }: Candidate): string {
  const { id, name, domains, country } = account;
  return name === undefined ? (domains[0] ?? id) : `${name} (${domains[0] ?? country ?? id})`;
}

function reasons(best: Candidate, verdict: Exclude<MatchVerdict, { kind: 'none' }>) {
  const { margin, candidates, tieBreak } = verdict;
  const next = candidates.find((one) => one !== best);
  const decided =
    tieBreak === undefined || best !== verdict.best ? [] : [`first of equals: ${tieBreak}`];
  const evidence = [...best.evidence, ...decided];
  return {
    rung: best.rung,
    score: best.score,
    evidence,
    why: evidence.join(', '),
    ...(margin === undefined ? {} : { margin }),
    ...(next === undefined ? {} : { runnerUp: `${fullLabelOf(next)}, ${next.score}` }),
  };
}

/** Whoever has an account, or was said to have none, waits for nobody. */
function settled({ id, picked }: Person, joined: Joined): Joined {
  if (joined.accountId === null && picked === undefined) return joined;
  return { ...joined, writes: [...joined.writes, { remove: ambiguityKey(id) }] };
}

async function ambiguous(
  records: Records,
  person: Person,
  verdict: Exclude<MatchVerdict, { kind: 'none' }>,
  now: Date,
): Promise<Joined> {
  const named = verdict.candidates.map(fullLabelOf);
  const asked = await read(records, Ambiguity, ambiguityKey(person.id));
  const ambiguity = waitingSince(asked?.data, {
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
    tellAt: now.toISOString(),
  });
  const version = asked?.version ?? 0;
  return {
    accountId: null,
    how: `ambiguous: ${named.length} accounts`,
    title: `no account yet: ${named.length} may be meant, and somebody has to say which`,
    detail: { ...reasons(verdict.best, verdict), candidates: named, ...queued(ambiguity) },
    writes: isSame(asked?.data, ambiguity)
      ? []
      : [
          {
            put: ambiguityItem(ambiguity, version + 1),
            if: asked === undefined ? 'absent' : { version },
          },
        ],
    awaits: awaitedKeys(
      person,
      ambiguity.candidates.map(({ accountId }) => accountId),
    ),
  };
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** The same question asked again has the time that it had. */
function waitingSince(before: Ambiguity | undefined, now: Ambiguity): Ambiguity {
  const ids = ({ candidates }: Ambiguity) => candidates.map(({ accountId }) => accountId).sort();
  if (before === undefined || ids(before).join() !== ids(now).join()) return now;
  const { at, nextAction, tellAt } = before;
  return { ...now, at, nextAction, tellAt };
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
    awaits: isFirm(best.rung) ? [] : awaitedKeys(person),
  };
}

/** Whom no account fits: with their own as before, with a new one, or with none. */
async function unknown(records: Records, person: Person, now: Date): Promise<Joined> {
  const joined = made(person, now);
  const { accountId } = person;
  if (joined.accountId !== null || accountId === undefined) return joined;
  const account = await read(records, Account, accountKey(accountId));
  const label = account?.data.name ?? account?.data.domain ?? accountId;
  const how = 'known before';
  const evidence = ['nothing that is known now leads to another account'];
  const detail = { accountId, how, made: false, rung: 'contact', score: 1, evidence };
  return {
    accountId,
    how,
    title: `account ${label} as before`,
    detail,
    writes: [],
    awaits: joined.awaits,
  };
}

/** An account of its own for a domain, or else for a name, that nobody has. */
function made(person: Person, now: Date): Joined {
  const { domains, name, country } = evidenceOf(person);
  const [domain] = domains;
  const comparable = comparableName(name);
  if (domain === undefined && comparable === undefined) {
    const how = `no company domain is known${asideBecause(person)}`;
    const detail = { accountId: null, how, rung: 'none', score: 0, evidence: [how] };
    return {
      accountId: null,
      how,
      title: `no account: ${how}`,
      detail,
      writes: [],
      awaits: awaitedKeys(person),
    };
  }
  const id =
    domain === undefined ? accountIdOfName(comparable?.text ?? '', country) : accountIdOf(domain);
  const account: Account = { id, ...learnt(person), firstSeenAt: now.toISOString() };
  const how = domain === undefined ? `company name${asideBecause(person)}` : `domain ${domain}`;
  return {
    accountId: id,
    how,
    title: `account ${account.name ?? domain} by its ${domain === undefined ? 'name' : 'domain'}`,
    detail: { accountId: id, how, made: true, rung: 'new', score: 0, evidence: [`${how} is new`] },
    writes: [{ put: accountItem(account, 1), if: 'absent' }, ...keyWrites(account)],
    awaits: awaitedKeys(person).filter((key) => key !== `domain:${domain}`),
  };
}

/** Why the domain of somebody's address says nothing of their company. */
function asideBecause({ facts }: Person): string {
  const kind = facts.email === undefined ? undefined : providerKind(facts.email);
  return kind === undefined ? '' : `, the address is of ${PROVIDERS[kind]}`;
}

/** What a person tells of the account they belong to. */
function learnt(person: Person): Partial<Account> {
  const { company: name, industry, employees, country, region, postcode, city } = person.facts;
  const { domains, phones } = evidenceOf(person);
  const phone = phones.phone && phoneStart(phones.phone);
  const [domain] = domains;
  return known({
    ...{ domain, name, industry, employees, country, region, postcode, city },
    phoneStart: phone,
  });
}

/** What is known of an account stays: one that learns nothing new is not written again. */
function learn({ data, version }: Stored<Account>, account: Account): Write[] {
  if (Object.keys(account).every((field) => Object.hasOwn(data, field))) return [];
  return [{ put: accountItem(account, version + 1), if: { version } }, ...keyWrites(account)];
}

const keyWrites = (account: Account): Write[] => accountKeyItems(account).map((put) => ({ put }));

const known = <T extends object>(facts: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as never;
