import type { RungAction } from '#core/clocks/running.ts';
import { linkTo } from '#core/links.ts';
import { findSalesperson } from '#core/people.ts';
import type { Hub } from '#core/ports/hub.ts';
import { type ClockRecord, type Handoff, invitationOf } from '#core/records/handoff.ts';
import type { Person } from '#core/records/person.ts';
import { type NewAlert, tell } from './alert-box.ts';
import { unlessRefused } from './deliver.ts';
import { managerOrOnCall } from './hearers.ts';
import { reachable, sendAlert } from './send-alert.ts';
import { mayVeto } from './veto.ts';

export type AlertRung = Exclude<RungAction, 'reassign' | 'tell' | 'end'>;

interface Occasion {
  readonly handoff: Handoff;
  readonly person: Person;
  readonly clock: ClockRecord;
  readonly rung: AlertRung;
}

/** Where breaches are told to everybody; Slack takes a channel's name. */
export const ALERT_CHANNEL = '#lead-alerts';

/**
 * Tells whom a rung of the ladder concerns: a reminder goes to the owner, a breach to the channel
 * and to the owner by mail, an escalation to the manager by both, the warning of the end to owner
 * and manager. Each goes once. Answers when those are due that the playbook lets wait.
 */
export async function alert(hub: Hub, occasion: Occasion): Promise<string | undefined> {
  const waiting: (string | undefined)[] = [];
  for (const [by, to] of hearersOf(hub, occasion)) {
    if (!reachable(hub, { by, to })) continue;
    const one = await worded(hub, occasion, by, to);
    const policy = hub.playbook.alerts;
    if (policy === undefined) await unlessRefused(() => sendAlert(hub, one, occasion.rung));
    else waiting.push(await tell(hub, policy, one));
  }
  return waiting.filter((at) => at !== undefined).toSorted()[0];
}

type Hearer = readonly [by: NewAlert['by'], to: string];

function hearersOf({ playbook, now }: Hub, { handoff, rung }: Occasion): Hearer[] {
  const { owner } = handoff;
  const manager = managerOf(playbook.people, owner);
  const above = managerOrOnCall(playbook, manager, now());
  const both = (to: string | undefined): Hearer[] =>
    to === undefined
      ? []
      : [
          ['chat', to],
          ['mail', to],
        ];
  switch (rung) {
    case 'remind':
      return [['chat', owner]];
    case 'breach':
      return [
        ['chat', ALERT_CHANNEL],
        ['mail', owner],
      ];
    case 'escalate':
      return both(above);
    case 'warn':
      return [['chat', owner], ['mail', owner], ...both(manager)];
  }
}

const managerOf = (people: Hub['playbook']['people'], owner: string) =>
  findSalesperson(people, { email: owner })?.manager;

const WORDS = {
  remind: 'is waiting for you',
  breach: 'was not acted upon in time',
  escalate: 'is still waiting, and its owner has not answered',
  warn: 'is about to leave its owner',
} as const;

async function worded(
  hub: Hub,
  occasion: Occasion,
  by: NewAlert['by'],
  to: string,
): Promise<NewAlert> {
  const { handoff, person, clock, rung } = occasion;
  const { firstName, lastName, company } = person.facts;
  const name = [firstName, lastName].filter(Boolean).join(' ') || 'A lead';
  return {
    key: keyOf(occasion, by, to),
    by,
    to,
    rung,
    personId: person.id,
    handoff: handoff.id,
    clock: clock.id,
    title: `${name}${company === undefined ? '' : ` (${company})`} ${WORDS[rung]}`,
    lines: [
      `Lane ${handoff.lane}, owner ${handoff.owner}.`,
      `Clock '${clock.clock}': due ${clock.deadline}.`,
      ...(rung === 'warn' ? await warning(hub, occasion, by, to) : []),
    ],
    ...(by === 'chat' && rung === 'warn' && canVeto(hub, occasion, to)
      ? { veto: invitationOf(handoff) }
      : {}),
  };
}

/** Run, clock and rung; a rung that there may be several of, and several hearers of, has more. */
function keyOf({ handoff, clock, rung }: Occasion, by: string, to: string): string {
  const climbed = clock.rungs.slice(0, clock.climbed).filter((one) => one.do === rung).length;
  const again = climbed === 0 ? '' : `-${climbed + 1}`;
  const hearer = rung === 'warn' && to !== handoff.owner ? `${by}-manager` : by;
  return `${handoff.run}/${clock.id}/${rung}${again}/${hearer}`;
}

/** Whether somebody who hears of the end may keep the lead from it. */
function canVeto({ playbook }: Hub, { handoff, clock }: Occasion, who: string): boolean {
  const policy = playbook.clocks[clock.clock];
  const isManager = managerOf(playbook.people, handoff.owner) === who;
  return isManager && policy !== undefined && mayVeto(clock, policy);
}

/** When the lead leaves, and how its manager may keep it: by a link in the mail, a button in the chat. */
async function warning(
  hub: Hub,
  occasion: Occasion,
  by: NewAlert['by'],
  to: string,
): Promise<string[]> {
  const { handoff, clock } = occasion;
  const end = clock.rungs.findLast((one) => one.do === 'end')?.at ?? '';
  const leaves = `It will be taken from ${handoff.owner} at ${end} unless they act before.`;
  if (by === 'chat' || !canVeto(hub, occasion, to)) return [leaves];
  const key = await hub.secrets.signingKey();
  const link = { invitation: invitationOf(handoff), action: 'veto' as const, to };
  return [leaves, `Keep it: ${linkTo(hub.publicUrl, key, link, hub.now())}`];
}
