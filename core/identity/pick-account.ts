import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Records } from '#core/ports/records.ts';
import { Account, accountKey } from '#core/records/account.ts';
import { logItem } from '#core/records/log-entry.ts';
import { Person, personItem, personKey } from '#core/records/person.ts';
import { read, readExisting, untilWritten } from '#core/records/store.ts';
import { ambiguityKey } from './ambiguity.ts';
import { withAwaited } from './awaited.ts';
import { registrableDomain } from './domain.ts';
import { findAccount } from './find-account.ts';
import { joinAccount } from './join-account.ts';
import { moveWrites } from './move-account.ts';

/** What somebody asks for: an account by its id or domain, none, or that the hub decides again. */
export const PickRequest = z.strictObject({
  account: z.string().nullable(),
  /** Takes back what was picked before. */
  undo: z.boolean().optional(),
  by: z.string().min(1).max(320),
  why: z.string().max(500).optional(),
});
export type PickRequest = z.infer<typeof PickRequest>;

/** What came of it, as a program reads it. */
export const PickOutcome = z.strictObject({
  personId: z.string(),
  accountId: z.string().nullable(),
  /** The account as people call it. */
  name: z.string().nullable(),
  before: z.string().nullable(),
});
export type PickOutcome = z.infer<typeof PickOutcome>;

type Picking = Pick<Hub, 'records' | 'now' | 'order'>;

/**
 * Says by hand which account a person belongs to. It stands until somebody says otherwise, whatever
 * a vendor or a rule tells, and takes them out of the queue `account-matching`. Throws `data`
 * (`account_unknown`) for an account that is not there. Said twice, it changes nothing more.
 */
export function pickAccount(
  hub: Picking,
  personId: string,
  request: PickRequest,
): Promise<PickOutcome> {
  return untilWritten(async () => {
    const { data: person, version } = await readExisting(hub.records, Person, personKey(personId));
    const { after, account, title, writes, reasons } =
      request.undo === true
        ? await takenBack(hub, person, request)
        : await picked(hub, person, request);
    const before = person.accountId ?? null;
    const at = hub.now().toISOString();
    const entry = {
      at,
      kind: 'decision' as const,
      title,
      detail: { ...reasons, accountId: after.accountId ?? null, before, by: request.by },
    };
    if (!isSame(person, after))
      await hub.records.write([
        { put: personItem(after, version + 1), if: { version } },
        ...writes,
        ...moveWrites(person, after),
        { put: logItem(hub, personId, `pick/${at}`, entry) },
      ]);
    return { personId, accountId: after.accountId ?? null, name: nameOf(account), before };
  });
}

const nameOf = (account: Account | undefined) => account?.name ?? account?.domain ?? null;

const isSame = (one: Person, other: Person) =>
  one.accountId === other.accountId &&
  one.picked?.accountId === other.picked?.accountId &&
  (one.picked === undefined) === (other.picked === undefined) &&
  one.picked?.why === other.picked?.why;

async function picked(hub: Picking, person: Person, { account: wanted, by, why }: PickRequest) {
  const account = wanted === null ? undefined : await accountMeant(hub.records, wanted);
  const { accountId: _before, awaits: _sought, ...rest } = person;
  const accountId = account?.id ?? null;
  const at = hub.now().toISOString();
  const after: Person = {
    ...rest,
    ...(accountId !== null && { accountId }),
    picked: { accountId, by, at, ...(why !== undefined && { why }) },
  };
  const title =
    account === undefined
      ? `${by} said: no account that the hub knows`
      : `${by} said: account ${nameOf(account) ?? account.id}`;
  const said = `${by} said so${why === undefined ? '' : `: ${why}`}`;
  const reasons = { rung: accountId === null ? 'none' : 'picked', score: 1, evidence: [said] };
  return { after, account, title, writes: [{ remove: ambiguityKey(person.id) }], reasons };
}

async function takenBack(hub: Picking, person: Person, { by }: PickRequest) {
  const { picked: _said, accountId: _before, ...rest } = person;
  const joined = await joinAccount(hub.records, rest, hub.now());
  const { accountId } = joined;
  const after = withAwaited(accountId === null ? rest : { ...rest, accountId }, joined.awaits);
  const account =
    joined.accountId === null
      ? undefined
      : (await read(hub.records, Account, accountKey(joined.accountId)))?.data;
  const title = `${by} took back what was said, and the hub decides: ${joined.title}`;
  return { after, account, title, writes: joined.writes, reasons: joined.detail };
}

/** The account of an id, or of a domain. */
async function accountMeant(records: Records, text: string): Promise<Account> {
  const domain = registrableDomain(text);
  const found =
    domain === undefined
      ? await read(records, Account, accountKey(text.trim()))
      : (await findAccount(records, { domains: [domain], refs: [] })).stored;
  if (found !== undefined) return found.data;
  throw new HubError(
    'data',
    'account_unknown',
    `There is no account '${text}'. Give its id (acc_…), which 'baton match queue' lists, or its domain.`,
  );
}
