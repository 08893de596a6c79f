import type { RungAction } from '#core/clocks/running.ts';
import { perform, performMail } from '#core/effects/perform.ts';
import { findSalesperson } from '#core/people.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { ClockRecord, Handoff } from '#core/records/handoff.ts';
import type { Person } from '#core/records/person.ts';
import { unlessRefused } from './deliver.ts';
import { escaped } from './message.ts';

interface Alert {
  readonly handoff: Handoff;
  readonly person: Person;
  readonly clock: ClockRecord;
  readonly rung: RungAction;
}

/** Where breaches are told to everybody; Slack takes a channel's name. */
export const ALERT_CHANNEL = '#lead-alerts';

/**
 * Tells whom a rung of the ladder concerns: a reminder goes to the owner, a breach to the channel
 * and to the owner by mail, an escalation to the manager by both. Each goes once.
 */
export async function alert(hub: Hub, what: Alert): Promise<void> {
  const { handoff, rung } = what;
  const manager = findSalesperson(hub.playbook.people, { email: handoff.owner })?.manager;
  switch (rung) {
    case 'remind':
      return post(hub, what, handoff.owner);
    case 'breach':
      await post(hub, what, ALERT_CHANNEL);
      return mail(hub, what, handoff.owner);
    case 'escalate':
      if (manager === undefined) return undefined;
      await post(hub, what, manager);
      return mail(hub, what, manager);
    case 'end':
      return undefined;
  }
}

const WORDS = {
  remind: 'is waiting for you',
  breach: 'was not acted upon in time',
  escalate: 'is still waiting, and its owner has not answered',
  warn: 'is about to leave its owner',
  end: 'goes on to somebody else',
} as const;

function wording({ handoff, person, clock, rung }: Alert): { title: string; lines: string[] } {
  const { firstName, lastName, company } = person.facts;
  const name = [firstName, lastName].filter(Boolean).join(' ') || 'A lead';
  return {
    title: `${name}${company === undefined ? '' : ` (${company})`} ${WORDS[rung]}`,
    lines: [
      `Lane ${handoff.lane}, owner ${handoff.owner}.`,
      `Clock '${clock.clock}': due ${clock.deadline}.`,
    ],
  };
}

const effectOf = ({ handoff, person, clock, rung }: Alert, channel: string) => ({
  key: `${handoff.run}/${clock.id}/${rung}/${channel}`,
  personId: person.id,
  urgency: 'clock' as const,
});

async function post(hub: Hub, what: Alert, to: string): Promise<void> {
  const connection = hub.operations.inRole('chat')[0];
  if (connection === undefined) return;
  await unlessRefused(() =>
    perform(hub, {
      ...effectOf(what, 'chat'),
      connection,
      verb: 'message.post',
      title: `${what.rung} to ${to}`,
      input: { to, ...wording(what), actions: [], reasons: [] },
    }),
  );
}

async function mail(hub: Hub, what: Alert, to: string): Promise<void> {
  const { title, lines } = wording(what);
  await unlessRefused(() =>
    performMail(hub, {
      ...effectOf(what, 'mail'),
      title: `${what.rung} by mail to ${to}`,
      mail: {
        to,
        subject: title,
        text: [title, ...lines].join('\n'),
        html: [title, ...lines].map((line) => `<p>${escaped(line)}</p>`).join('\n'),
      },
    }),
  );
}
