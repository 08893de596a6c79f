import { announceConversions, reportConversions } from '#core/conversions/report.ts';
import { isClockDeed, receiveDeed } from '#core/handoff/receive-deed.ts';
import { receiveSignal } from '#core/handoff/receive-signal.ts';
import { isSignal } from '#core/handoff/signals.ts';
import { tellOfService } from '#core/handoff/tell-of-service.ts';
import { followExisting } from '#core/identity/merge/follow.ts';
import { settleMerges } from '#core/identity/merge/settle-merges.ts';
import { mayStart, reconsider } from '#core/nurture/reconsider.ts';
import type { Published } from '#core/ports/bus.ts';
import type { Hub } from '#core/ports/hub.ts';
import { Person, personKey } from '#core/records/person.ts';
import { readExisting } from '#core/records/store.ts';
import { startRun } from '#core/runs/start-run.ts';
import { triggered } from './trigger.ts';

/**
 * What news leads to: a signal goes to the hand-off that may wait for it, and each workflow that
 * the event triggers is started. News that comes twice changes nothing.
 */
export async function dispatch(hub: Hub, { event, personId, only }: Published): Promise<void> {
  if (personId === undefined) return;
  // They may have been merged since it was published.
  const { id } = (await followExisting(hub.records, personId)).data;
  if (only === 'merge') return settleMerges(hub, id);
  if (only === 'conversions') return reportConversions(hub, event, id);
  if (isSignal(event)) {
    await receiveSignal(hub, event, id);
    await announceConversions(hub, event, id);
  }

  if (isClockDeed(event)) await receiveDeed(hub, event, id);
  await tellOfService(hub, event, id);

  const { data: person } = await readExisting(hub.records, Person, personKey(id));
  for (const workflow of await triggered(hub.playbook, event, person)) {
    if (await mayStart(hub, workflow, person, event)) await startRun(hub, workflow, id, event);
  }
  await reconsider(hub, event, id);
}
