import { textInForce } from '#core/agreement/signed-texts.ts';
import type { Records } from '#core/ports/records.ts';
import { TargetList } from './target-list.ts';

/**
 * An account with whether it is among the targets in force, by its domain. Where no list is in
 * force, or the account has no domain, that stays unknown.
 */
export async function withTarget<T extends { readonly domain?: string | undefined }>(
  records: Records,
  account: T,
): Promise<T & { readonly targetAccount?: boolean }> {
  const { domain } = account;
  const current =
    domain === undefined ? undefined : await textInForce(records, 'targets', TargetList);
  if (current === undefined) return account;
  return { ...account, targetAccount: current.text.accounts.some((one) => one.domain === domain) };
}
