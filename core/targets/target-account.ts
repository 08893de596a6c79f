import { textInForce } from '#core/agreement/signed-texts.ts';
import type { Records } from '#core/ports/records.ts';
import type { AccountFacts } from '#core/scoring/account-facts.ts';
import { TargetList } from './target-list.ts';

/** What the target list in force says of an account. */
export type TargetFacts = Pick<AccountFacts, 'targetAccount' | 'targetTier' | 'targetOwner'>;

/**
 * An account with whether it is among the targets in force, by its domain, and if so in which tier
 * and whose. Where no list is in force, or the account has no domain, that stays unknown.
 */
export async function withTarget<T extends { readonly domain?: string | undefined }>(
  records: Records,
  account: T,
): Promise<T & TargetFacts> {
  const { domain } = account;
  const current =
    domain === undefined ? undefined : await textInForce(records, 'targets', TargetList);
  if (current === undefined) return account;
  const target = current.text.accounts.find((one) => one.domain === domain);
  if (target === undefined) return { ...account, targetAccount: false };
  const { tier, owner } = target;
  const whose = owner === undefined ? {} : { targetOwner: owner };
  return { ...account, targetAccount: true, targetTier: tier, ...whose };
}
