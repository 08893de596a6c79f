import * as z from 'zod';
import { type Briefing, writeBriefing } from '#core/briefing/write-briefing.ts';
import { decideOnce } from '#core/effects/decide-once.ts';
import type { Hub } from '#core/ports/hub.ts';
import { Account, accountKey } from '#core/records/account.ts';
import { Person, personKey } from '#core/records/person.ts';
import { read, readAll, readExisting } from '#core/records/store.ts';
import { TOUCH_PREFIX, Touch, touchesOfPerson } from '#core/records/touch.ts';
import { type StepRun, visitOf } from './step-run.ts';

const Briefed = z.strictObject({ briefingId: z.string() });

/** Writes the briefing and keeps it as of now: the salesperson reads what led to the hand-off. */
export function brief(hub: Hub, step: StepRun): Promise<z.infer<typeof Briefed>> {
  const at = visitOf(step);
  return decideOnce(hub, at, Briefed, async () => {
    const briefing = await briefingOf(hub, step.person, step.score);
    return {
      result: { briefingId: step.run },
      log: { title: `briefing: ${briefing.opener}`, detail: { ...briefing } },
      writes: [],
    };
  });
}

/** What a salesperson needs to know of a person before the first call. */
export async function briefingOf(
  hub: Pick<Hub, 'records' | 'now'>,
  personId: string,
  score: StepRun['score'],
): Promise<Briefing> {
  const { data: person } = await readExisting(hub.records, Person, personKey(personId));
  const account =
    person.accountId === undefined
      ? undefined
      : await read(hub.records, Account, accountKey(person.accountId));
  const touches = await readAll(hub.records, Touch, {
    pk: touchesOfPerson(personId),
    prefix: TOUCH_PREFIX,
  });
  return writeBriefing(
    {
      person: person.facts,
      ...(account === undefined ? {} : { account: account.data }),
      touches,
      ...(score === null ? {} : { score }),
      ...(person.capture === undefined ? {} : { capture: person.capture }),
    },
    hub.now(),
  );
}
