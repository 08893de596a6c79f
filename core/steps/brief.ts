import * as z from 'zod';
import { type Briefing, writeBriefing } from '#core/briefing/write-briefing.ts';
import { decideOnce } from '#core/effects/decide-once.ts';
import type { Hub } from '#core/ports/hub.ts';
import { readRecentLead } from '#core/records/lead.ts';
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
  const { person, ...lead } = await readRecentLead(hub.records, personId);
  const capture = person.capture === undefined ? {} : { capture: person.capture };
  const rated = score === null ? {} : { score };
  return writeBriefing({ ...lead, ...rated, ...capture, person: person.facts }, hub.now());
}
