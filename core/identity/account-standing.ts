import * as z from 'zod';
import type { Records } from '#core/ports/records.ts';
import { readAll } from '#core/records/store.ts';
import { TOUCH_PREFIX, Touch, touchesOfPerson } from '#core/records/touch.ts';
import { withTarget } from '#core/targets/target-account.ts';
import { hasDeals } from './account-deals.ts';
import type { AccountEntry } from './match-ladder.ts';
import type { Standing } from './tie-break.ts';

const Member = z.object({ personId: z.string() });

/** So many people of an account are asked when they last did something; more would take long. */
const MOST_ASKED = 50;

/** What breaks a tie between accounts: read only where there is one. */
export async function standingOf(
  records: Records,
  { id, domains: [domain] }: AccountEntry,
): Promise<Pick<Standing, 'target' | 'opportunity' | 'contacts' | 'activeAt'>> {
  const [{ targetAccount }, opportunity, members] = await Promise.all([
    withTarget(records, { domain }),
    hasDeals(records, id),
    readAll(records, Member, { pk: `ACCOUNT#${id}`, prefix: 'PERSON#' }),
  ]);
  const asked = members.slice(0, MOST_ASKED);
  const active = await Promise.all(asked.map(({ personId }) => lastTouch(records, personId)));
  const activeAt = active.filter((at) => at !== undefined).sort();
  return {
    target: targetAccount,
    opportunity,
    contacts: members.length,
    activeAt: activeAt.at(-1),
  };
}

async function lastTouch(records: Records, personId: string): Promise<string | undefined> {
  const { items } = await records.query({
    ...{ pk: touchesOfPerson(personId), prefix: TOUCH_PREFIX },
    ...{ descending: true, limit: 1 },
  });
  return items.map(({ data }) => Touch.parse(data).at)[0];
}
