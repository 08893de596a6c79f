import { openStage } from '#cli/simulate/stage.ts';
import { openAgenda } from '#cli/week/agenda.ts';
import type { Playbook } from '#core/playbook.ts';
import type { LeadHistory } from './leadforge.ts';
import { type Reckoning, reckon } from './reckon.ts';

const DAY_MS = 86_400_000;
/** After the last event, so that the clocks it left running come to their end. */
const QUIET_DAYS = 100;

/** Tells a hub a history on a clock that jumps, and reckons what became of each lead. */
export async function playHistory(history: LeadHistory, playbook: Playbook): Promise<Reckoning> {
  const { events, from, until } = history;
  const stage = await openStage({ playbook, from });
  try {
    const agenda = openAgenda();
    stage.plan(agenda, events);
    await stage.play(agenda, new Date(until.getTime() + QUIET_DAYS * DAY_MS));
    return reckon(history, {
      people: stage.people(),
      handoffs: stage.handoffs(),
      findings: stage.findings(),
    });
  } finally {
    await stage.close();
  }
}
