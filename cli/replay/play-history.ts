import { groupBy } from '#cli/simulate/group-by.ts';
import { openStage, type Stage } from '#cli/simulate/stage.ts';
import { verifyFolder } from '#cli/store/verify-folder.ts';
import { openAgenda } from '#cli/week/agenda.ts';
import type { Playbook } from '#core/playbook.ts';
import type { LeadHistory } from './leadforge.ts';
import { type Reckoning, reckon } from './reckon.ts';

const DAY_MS = 86_400_000;
/** After the last event, so that the clocks it left running come to their end. */
const QUIET_DAYS = 100;

/** Tells a hub a history on a clock that jumps, and reckons what became of each lead. */
export async function playHistory(
  history: LeadHistory,
  playbook: Playbook,
  onMoment?: (now: Date) => void,
): Promise<Reckoning> {
  const stage = openStage({ playbook, from: history.from });
  try {
    await tellAll(stage, history, onMoment);
    const { findings } = verifyFolder(stage.folder);
    return reckon(history, {
      people: stage.people(),
      handoffs: stage.handoffs(),
      quarantined: stage.quarantined(),
      findings: findings.map(({ about, message }) => `${about} ${message}`),
    });
  } finally {
    await stage.close();
  }
}

async function tellAll(
  stage: Stage,
  { events, until }: LeadHistory,
  onMoment?: (now: Date) => void,
): Promise<void> {
  const agenda = openAgenda();
  for (const [at, ofMoment] of groupBy(events, (event) => event.at)) {
    agenda.plan(new Date(at), () => stage.tell(ofMoment));
  }
  await stage.play(agenda, new Date(until.getTime() + QUIET_DAYS * DAY_MS), onMoment);
}
