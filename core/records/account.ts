import * as z from 'zod';
import { Instant } from '#core/events.ts';
import { shortHash } from '#core/hash.ts';
import type { Item } from '#core/ports/records.ts';

export const Account = z.strictObject({
  id: z.string(),
  domain: z.string().optional(),
  name: z.string().optional(),
  industry: z.string().optional(),
  employees: z.number().int().optional(),
  country: z.string().optional(),
  customer: z.boolean().optional(),
  /** All people of an account go to one salesperson. */
  owner: z.string().optional(),
  /** Who named the owner: what the CRM says is not changed by routing. */
  ownerSetBy: z.enum(['crm', 'routing']).optional(),
  ownerSince: Instant.optional(),
});
export type Account = z.infer<typeof Account>;

export const accountIdOf = (domain: string) => `acc_${shortHash('domain', domain)}`;
export const accountKey = (id: string) => ({ pk: `ACCOUNT#${id}`, sk: 'ACCOUNT' });

export function accountItem(account: Account, version: number): Item {
  return { ...accountKey(account.id), type: 'account', version, data: account };
}
