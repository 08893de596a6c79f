import type { Hub } from '#core/ports/hub.ts';
import { Handoff, handoffId, handoffItem, handoffKey } from '#core/records/handoff.ts';
import { logItem } from '#core/records/log-entry.ts';
import type { Person } from '#core/records/person.ts';
import { read, untilWritten } from '#core/records/store.ts';
import { stopClocks } from './close.ts';
import { withdraw } from './deliver.ts';
import { endWait } from './receive-signal.ts';
import { tellOwner } from './tell-owner.ts';

/** The reason of a hand-off that ended because its person may not be contacted any more. */
export const SILENCED = 'may_not_be_contacted';

/**
 * Takes somebody who may not be contacted any more from the salesperson who has them: the clocks
 * stop, message and task are withdrawn, the owner is told, and the run goes the way of a rejection,
 * which declines them. Repeated, it changes nothing.
 */
export async function endSilenced(hub: Hub, person: Person): Promise<void> {
  if (!person.suppressed || person.cycle === 0) return;
  const handoff = await untilWritten(() => giveBack(hub, person));
  if (handoff === undefined) return;
  const why = 'They may not be contacted any more: please do not call or write to them.';
  await withdraw(hub, handoff, person, why);
  const key = `${handoff.id}/${handoff.round}/${SILENCED}`;
  await tellOwner(hub, handoff, { key, title: 'A lead of yours was withdrawn', why });
  await endWait(hub, handoff);
}

/** The hand-off as it stands when it is given back for them; none where nobody has them. */
async function giveBack(hub: Hub, person: Person): Promise<Handoff | undefined> {
  const stored = await read(hub.records, Handoff, handoffKey(handoffId(person.id, person.cycle)));
  if (stored === undefined) return undefined;
  const { data, version } = stored;
  const { status, signals } = data;
  if (status !== 'open' && status !== 'assigning') return undefined;
  if (signals.rejected?.reason === SILENCED) return data;
  const at = hub.now().toISOString();
  const rejected = { at, event: `${data.id}/${SILENCED}`, by: 'hub', via: 'hub', reason: SILENCED };
  const clocks = stopClocks(data, at);
  const over: Handoff = { ...data, clocks, signals: { ...signals, rejected } };
  await hub.records.write([
    { put: handoffItem(over, version + 1), if: { version } },
    {
      put: logItem(hub, person.id, `${data.id}/${data.round}/${SILENCED}`, {
        at,
        kind: 'decision',
        title: `taken from ${data.owner}: may not be contacted any more`,
        detail: { handoff: data.id, owner: data.owner },
      }),
    },
  ]);
  return over;
}
