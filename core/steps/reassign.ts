import { HubError, StepOutcome } from '#core/errors.ts';
import { stopClocks } from '#core/handoff/close.ts';
import { withdraw } from '#core/handoff/deliver.ts';
import { QUEUE_PREFIX } from '#core/handoff/owner.ts';
import type { Hub } from '#core/ports/hub.ts';
import { Handoff, handoffItem, handoffKey } from '#core/records/handoff.ts';
import { logItem } from '#core/records/log-entry.ts';
import { Person, personKey } from '#core/records/person.ts';
import { readExisting, untilWritten } from '#core/records/store.ts';
import { deliverRound, type HandoffState, stateOf } from './hand-off.ts';
import { route } from './route.ts';
import type { StepRun } from './step-run.ts';

/**
 * Takes the hand-off from an owner who let the clock run out and gives it to the next candidate,
 * never to one who had it. Throws the outcome `Reassign.Exhausted` when it changed hands often
 * enough or nobody is left. Which round comes next is in the call, so a repeat makes no second one.
 */
export async function reassign(
  hub: Hub,
  step: StepRun,
  options: { atMost: number },
): Promise<HandoffState> {
  const from = step.handoff;
  if (from === null)
    throw new HubError(
      'config',
      'handoff_missing',
      `Step '${step.step}' reassigns, but nothing was handed off before it.`,
    );
  const round = from.round + 1;
  if (round > options.atMost) throw exhausted(`it changed hands ${options.atMost} times`);

  const { data: before } = await readExisting(hub.records, Handoff, handoffKey(from.id));
  if (before.round === from.round) {
    const next = await nextOwner(hub, step, before, round);
    const { data: person } = await readExisting(hub.records, Person, personKey(before.personId));
    await withdraw(hub, before, person, 'Passed on to a colleague, because the clock ran out.');
    await untilWritten(() => openRound(hub, from.id, round, next));
  }
  const { data: handoff } = await readExisting(hub.records, Handoff, handoffKey(from.id));
  if (handoff.status !== 'assigning') return stateOf(handoff);
  return stateOf(await deliverRound(hub, handoff, step.score));
}

const exhausted = (why: string) =>
  new StepOutcome('Reassign.Exhausted', `Nobody takes this lead: ${why}.`);

async function nextOwner(
  hub: Hub,
  step: StepRun,
  handoff: Handoff,
  round: number,
): Promise<string> {
  const exclude = [...handoff.previousOwners, handoff.owner];
  const { owner } = await route(
    hub,
    { ...step, step: `${step.step}#${round}` },
    { policy: handoff.policy, exclude },
  );
  if (owner === null || owner.startsWith(QUEUE_PREFIX))
    throw exhausted('no other candidate is there');
  return owner;
}

async function openRound(hub: Hub, id: string, round: number, owner: string): Promise<void> {
  const { data: handoff, version } = await readExisting(hub.records, Handoff, handoffKey(id));
  if (handoff.round >= round) return;
  const at = hub.now().toISOString();
  const { wait: _over, chat: _withdrawn, crm, signals, ...rest } = handoff;
  const next: Handoff = {
    ...rest,
    round,
    owner,
    previousOwners: [...handoff.previousOwners, handoff.owner],
    status: 'assigning',
    // The new owner answers for themselves; only what became of the deal is true for everybody.
    signals: { opportunity: signals.opportunity, closed: signals.closed },
    clocks: stopClocks(handoff, at),
    ...(crm === undefined ? {} : { crm: { connection: crm.connection, record: crm.record } }),
  };
  await hub.records.write([
    { put: handoffItem(next, version + 1), if: { version } },
    {
      put: logItem(hub, handoff.personId, `${id}/round/${round}`, {
        at,
        kind: 'decision',
        title: `taken from ${handoff.owner} and given to ${owner}`,
        detail: { round, from: handoff.owner, to: owner },
      }),
    },
  ]);
}
