import { announceConversions, reportConversions } from '#core/conversions/report.ts';
import { isClockDeed, receiveDeed } from '#core/handoff/receive-deed.ts';
import { receiveSignal } from '#core/handoff/receive-signal.ts';
import { isSignal } from '#core/handoff/signals.ts';
import { tellOfService } from '#core/handoff/tell-of-service.ts';
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
  if (only === 'conversions') return reportConversions(hub, event, personId);
  if (isSignal(event)) {
    await receiveSignal(hub, event, personId);
    await announceConversions(hub, event, personId);
  }

  if (isClockDeed(event)) await receiveDeed(hub, event, personId);
  await tellOfService(hub, event, personId);

  const { data: person } = await readExisting(hub.records, Person, personKey(personId));
  for (const workflow of await triggered(hub.playbook, event, person)) {
    if (await mayStart(hub, workflow, person, event))
      await startRun(hub, workflow, personId, event);
  }
  await reconsider(hub, event, personId);
}
