import type { Hub } from '#core/ports/hub.ts';
import type { Write } from '#core/ports/records.ts';
import { logItem } from '#core/records/log-entry.ts';
import type { Person } from '#core/records/person.ts';
import { withAwaited } from './awaited.ts';
import { joinAccount } from './join-account.ts';

interface Again {
  readonly at: string;
  /** The same reason to match again has the same key: it is told of once. */
  readonly key: string;
  /** What the timeline says beside the decision. */
  readonly because: Readonly<Record<string, unknown>>;
  /** An account that gives way to one that is known better. */
  readonly aside?: string | undefined;
}

/**
 * The person with the account that what is known now leads to, and what is written with them beside
 * what accounts list. Whom it leads nowhere stays where they are, and an open hand-off stays with
 * whoever has it.
 */
export async function matchAgain(
  deps: Pick<Hub, 'records' | 'order'>,
  before: Person,
  { at, key, because, aside }: Again,
): Promise<{ readonly person: Person; readonly writes: Write[] }> {
  const joined = await joinAccount(deps.records, before, new Date(at), aside);
  const { accountId, title, detail, writes, awaits } = joined;
  const person = withAwaited(before, awaits);
  if (accountId === before.accountId || (accountId === null && writes.length === 0))
    return { person, writes };
  const { owner, standing } = before;
  const entry = {
    at,
    kind: 'decision' as const,
    title: `matched again: ${title}`,
    detail: {
      ...detail,
      ...because,
      before: before.accountId,
      ...(standing === 'with-sales' ? { openHandOff: `stays with ${owner.id}` } : {}),
    },
  };
  return {
    person: accountId === null ? person : { ...person, accountId },
    writes: [...writes, { put: logItem(deps, before.id, `${key}/account`, entry) }],
  };
}
