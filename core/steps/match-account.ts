import * as z from 'zod';
import { decideOnce } from '#core/effects/decide-once.ts';
import { inTurn } from '#core/effects/in-turn.ts';
import { comparableName } from '#core/identity/account-index.ts';
import { awaitWrites, withAwaited } from '#core/identity/awaited.ts';
import { companyDomain } from '#core/identity/domain.ts';
import { joinAccount } from '#core/identity/join-account.ts';
import { moveWrites } from '#core/identity/move-account.ts';
import type { Hub } from '#core/ports/hub.ts';
import { personItem, readLiving } from '#core/records/person.ts';

import { type StepRun, visitOf } from './step-run.ts';

const Match = z.strictObject({ accountId: z.string().nullable(), how: z.string() });
type Match = z.infer<typeof Match>;

/**
 * Finds or makes the account a person belongs to, by the ladder of core/identity/match-ladder.ts.
 * Where several may be meant the run goes on without one, and the question waits in a queue.
 */
export async function matchAccount(hub: Hub, step: StepRun): Promise<Match> {
  const find = () => readLiving(hub.records, step.person);
  const decide = async () => {
    const { data: person, version } = await find();
    const joined = await joinAccount(hub.records, person, hub.now());
    const { accountId, how, title, detail, writes, awaits } = joined;
    const moved = withAwaited({ ...person, accountId: accountId ?? person.accountId }, awaits);
    const waits = awaitWrites(person, moved);
    return {
      result: { accountId, how },
      log: { title, detail },
      writes:
        accountId === null && waits.length === 0
          ? writes
          : [
              ...writes,
              ...moveWrites(person, moved),
              { put: personItem(moved, version + 1), if: { version } },
            ],
    };
  };
  // Whoever makes an account makes it for all of the company who come at the same time.
  const { data: person } = await find();
  const { company } = person.facts;
  const turn = companyDomain(person.facts) ?? comparableName(company)?.text;
  return inTurn(hub.records, `account/${turn}`, () =>
    decideOnce(hub, visitOf(step), Match, decide),
  );
}
