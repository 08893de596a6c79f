import type { Complain } from '#core/agreement/check.ts';
import { findSalesperson, type People } from '#core/people.ts';
import type { TargetList } from './target-list.ts';

/** What the target list says and is not true: of itself, and of the people. */
export function checkTargets(list: TargetList, people: People, complain: Complain): void {
  const { accounts } = list;
  const domains = accounts.map(({ domain }) => domain);
  for (const [index, { domain, owner }] of accounts.entries()) {
    const at = ['accounts', index] as const;
    if (domains.indexOf(domain) < index) complain([...at, 'domain'], 'is in the list twice');
    if (owner !== undefined && findSalesperson(people, { email: owner }) === undefined) {
      complain([...at, 'owner'], `"${owner}" is not among the salespeople`);
    }
  }
  checkNames(list, complain);
  checkSeats(list, complain);
}

function checkNames({ accounts, tiers, goals }: TargetList, complain: Complain): void {
  const known = { tier: tiers.map(({ id }) => id), goal: goals.map(({ id }) => id) };
  for (const [index, account] of accounts.entries()) {
    for (const part of ['tier', 'goal'] as const) {
      const name = account[part];
      if (name === undefined || known[part].includes(name)) continue;
      const list = known[part].join(', ') || 'none';
      complain(['accounts', index, part], `no ${part} "${name}"; there are ${list}`);
    }
  }
}

function checkSeats({ accounts, seats }: TargetList, complain: Complain): void {
  const taken = new Map<string, number>();
  for (const [index, { owner }] of accounts.entries()) {
    if (owner === undefined) continue;
    const count = (taken.get(owner.toLowerCase()) ?? 0) + 1;
    taken.set(owner.toLowerCase(), count);
    if (count === seats + 1) {
      complain(['accounts', index, 'owner'], `"${owner}" has more than ${seats} targets ("seats")`);
    }
  }
}
