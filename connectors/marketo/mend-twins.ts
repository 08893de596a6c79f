import * as z from 'zod';
import { isHubError } from '#core/errors.ts';
import type { MarketoContext } from './credentials.ts';
import { ask } from './read.ts';
import { TIMEOUT_MS } from './timeouts.ts';

/** What became of an upsert, as far as twins are concerned. */
interface Upserted {
  readonly id?: number | undefined;
  readonly status: 'created' | 'updated' | 'skipped';
}

/**
 * Looks back after leads were made: somebody else may have made another one under the same address
 * at the same moment, which Marketo does not prevent. The earlier one stays, and ours, which nobody
 * knows yet, is merged into it. Whoever comes later sees both, so that one of two writers mends.
 */
export async function mendTwins(
  context: MarketoContext,
  writes: readonly { readonly email: string | undefined }[],
  answers: Upserted[],
): Promise<void> {
  const made = writes.flatMap(({ email }, index) =>
    email !== undefined && answers[index]?.status === 'created' ? [{ email, index }] : [],
  );
  if (made.length === 0) return;
  const ids = await idsByEmail(
    context,
    made.map(({ email }) => email),
  );
  for (const { email, index } of made) {
    const mine = answers[index]?.id;
    const first = Math.min(...(ids.get(email) ?? []));
    if (mine === undefined || !(first < mine)) continue;
    await mergeLeads(context, String(first), [String(mine)]);
    answers[index] = { id: first, status: 'updated' };
  }
}

/** The leads that have each address. */
export async function idsByEmail(
  context: MarketoContext,
  emails: readonly string[],
): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>();
  let page: string | undefined;
  do {
    const answer = Found.parse(
      await ask(context, '/v1/leads.json', {
        filterType: 'email',
        filterValues: emails.join(','),
        fields: 'id,email',
        nextPageToken: page,
      }),
    );
    for (const { id, email } of answer.result) {
      const address = email?.toLowerCase() ?? '';
      found.set(address, [...(found.get(address) ?? []), id]);
    }
    page = answer.nextPageToken;
  } while (page !== undefined);
  return found;
}

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/leads */
export async function mergeLeads(
  { http }: MarketoContext,
  winner: string,
  losers: readonly string[],
): Promise<void> {
  try {
    const address = `/v1/leads/${winner}/merge.json?leadIds=${losers.join(',')}`;
    await http.post(address, undefined, { timeout: TIMEOUT_MS.merge });
  } catch (error) {
    // A loser that is gone was merged before, perhaps by a call whose answer was lost.
    if (isHubError(error) && error.code === 'marketo_lead_not_found') return;
    throw error;
  }
}

const Found = z.object({
  result: z.array(z.object({ id: z.number().int(), email: z.string().nullish() })).default([]),
  nextPageToken: z.string().optional(),
});
