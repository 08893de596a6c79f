import { perform } from '#core/effects/perform.ts';
import { isHubError } from '#core/errors.ts';
import type { CanonicalEvent, EventOf } from '#core/events.ts';
import type { Hub } from '#core/ports/hub.ts';
import { type ClockRecord, Handoff, handoffId, handoffKey } from '#core/records/handoff.ts';
import { Person, personKey } from '#core/records/person.ts';
import { read, readExisting } from '#core/records/store.ts';
import { answerer, mayAnswerFor, setAside, whyOver } from './answerer.ts';
import { unlessRefused } from './deliver.ts';
import { pauseClock } from './pause.ts';
import { vetoEnd } from './veto.ts';

/** What a button asks for that changes a clock and ends no wait. */
export type ClockDeed = EventOf<'handoff.paused' | 'handoff.vetoed'>;

export const isClockDeed = (event: CanonicalEvent): event is ClockDeed =>
  event.type === 'handoff.paused' || event.type === 'handoff.vetoed';

/**
 * Pauses the clock of a hand-off, or keeps the lead with its owner, once for each answer; whoever
 * asked is told what came of it. What may not be done is set aside with its reason.
 */
export async function receiveDeed(hub: Hub, event: ClockDeed, personId: string): Promise<void> {
  const { data: person } = await readExisting(hub.records, Person, personKey(personId));
  const key = handoffKey(handoffId(personId, person.cycle));
  const handoff = (await read(hub.records, Handoff, key))?.data;
  const who = answerer(hub.playbook.people, event.by);
  const why = whyOver(handoff, event) ?? whyNot(hub, event, { owner: handoff?.owner ?? '', who });
  if (handoff === undefined || who === undefined || why !== undefined)
    return hub.records.write([setAside(hub, personId, event, why ?? '')]);
  const refused = await done(hub, event, handoff, who);
  if (typeof refused === 'string')
    await hub.records.write([setAside(hub, personId, event, refused)]);
  const name = [person.facts.firstName, person.facts.lastName].filter(Boolean).join(' ');
  await answer(hub, event, { personId, who, ...worded(name || 'The lead', refused) });
}

function whyNot(
  { playbook }: Hub,
  event: ClockDeed,
  { owner, who }: { owner: string; who: string | undefined },
): string | undefined {
  if (who === undefined) return 'whoever answered is not among the people of the playbook';
  // Whether they may veto, the veto itself knows.
  if (event.type === 'handoff.vetoed' || mayAnswerFor(playbook.people, owner, who))
    return undefined;
  return `${who} is not the owner`;
}

/** The clock as it stands then, or why it was not changed. */
async function done(
  hub: Hub,
  event: ClockDeed,
  { id }: Handoff,
  by: string,
): Promise<ClockRecord | string> {
  const cause = { id: event.id, at: event.at };
  try {
    if (event.type === 'handoff.vetoed') return await vetoEnd(hub, id, { by, cause });
    const { reason, length } = event;
    return await pauseClock(hub, id, { by, cause, reason, length });
  } catch (error) {
    if (isHubError(error, 'data', 'config')) return error.message;
    throw error;
  }
}

const worded = (name: string, result: ClockRecord | string) =>
  typeof result === 'string'
    ? { title: `${name}: this was not done`, line: result }
    : {
        title: `${name}: done`,
        line: `Clock '${result.clock}' is due ${result.deadline}, and its ladder ends ${result.rungs.at(-1)?.at ?? result.deadline}.`,
      };

/** Tells whoever pressed the button in the chat; a chat that refuses the message refuses no deed. */
async function answer(
  hub: Hub,
  event: ClockDeed,
  { personId, who, title, line }: { personId: string; who: string; title: string; line: string },
): Promise<void> {
  const connection = hub.operations.inRole('chat')[0];
  if (connection === undefined) return;
  await unlessRefused(() =>
    perform(hub, {
      key: `answer/${event.id}`,
      personId,
      urgency: 'clock',
      connection,
      verb: 'message.post',
      title: `answer to ${who}`,
      input: { to: who, title, lines: [line], actions: [], reasons: [] },
    }),
  );
}
