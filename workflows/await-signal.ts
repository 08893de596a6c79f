import { HubError } from '#core/errors.ts';
import { endWait } from '#core/handoff/receive-signal.ts';
import type { Hub } from '#core/ports/hub.ts';
import { Handoff, handoffItem, handoffKey } from '#core/records/handoff.ts';
import { readExisting, untilWritten } from '#core/records/store.ts';
import { StepCall } from './steps/call.ts';

/**
 * Registers a run's task token with its hand-off, so that a signal can end the wait. A signal
 * that came before ends it at once: either its writer sees the token, or this sees the signal.
 */
export async function awaitSignal(hub: Hub, input: unknown): Promise<void> {
  const { token, awaits, handoff, step } = StepCall.parse(input);
  if (token === undefined || awaits === undefined || handoff === null) {
    throw new HubError(
      'defect',
      'wait_incomplete',
      `Step '${step}' waits without a token, a signal or a hand-off.`,
    );
  }
  const registered = await untilWritten(async () => {
    const { data, version } = await readExisting(hub.records, Handoff, handoffKey(handoff.id));
    const waiting: Handoff = { ...data, wait: { token, awaits } };
    await hub.records.write([{ put: handoffItem(waiting, version + 1), if: { version } }]);
    return waiting;
  });
  await endWait(hub, registered);
}
