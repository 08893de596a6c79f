import { openAgenda } from '#cli/week/agenda.ts';
import type { TranslatedEvent } from '#core/events.ts';
import { newPersonId } from '#core/intake/identify.ts';
import type { Playbook } from '#core/playbook.ts';
import { type Floor, openFloor } from './floor.ts';
import { measure, type Outcome } from './outcome.ts';
import { openStage, type Stage } from './stage.ts';
import type { World } from './world.ts';

/** What happened already: who came, and what sales did, whoever the leads were with. */
export interface History {
  readonly events: readonly TranslatedEvent[];
  readonly from: Date;
  readonly until: Date;
}

const DAY_MS = 86_400_000;
/** After the last event of a history, so that clocks it left running run on. */
const QUIET_DAYS = 14;

/** Plays a playbook among invented people, who answer to what the hub does. */
export async function rehearseWorld(world: World, playbook: Playbook): Promise<Outcome> {
  const { from, until, people } = world;
  const agenda = openAgenda();
  const byId = new Map(
    [...people].map(([email, one]) => [newPersonId([{ kind: 'email', value: email }]), one]),
  );
  let floor: Floor | undefined;
  const stage = await openStage({
    playbook,
    from,
    enrich: world.enrich,
    onInvitation: (invitation) => floor?.receive(invitation),
  });
  try {
    const whoIs = (id: string) => byId.get(id);
    floor = openFloor({ ...stage, world, playbook, agenda, whoIs });
    for (const { events } of people.values()) stage.plan(agenda, events);
    await stage.play(agenda, until);
    return outcomeOf(stage);
  } finally {
    await stage.close();
  }
}

/** Plays a playbook against what happened already, which no longer answers to the hub. */
export async function rehearseHistory(history: History, playbook: Playbook): Promise<Outcome> {
  const { events, from, until } = history;
  const agenda = openAgenda();
  const stage = await openStage({ playbook, from });
  try {
    stage.plan(agenda, events);
    await stage.play(agenda, new Date(until.getTime() + QUIET_DAYS * DAY_MS));
    return outcomeOf(stage);
  } finally {
    await stage.close();
  }
}

const outcomeOf = (stage: Stage): Outcome =>
  measure({
    people: stage.people(),
    handoffs: stage.handoffs(),
    findings: stage.findings(),
    unsent: Object.fromEntries(stage.recorder.counts),
  });
