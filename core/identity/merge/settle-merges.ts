import { perform } from '#core/effects/perform.ts';
import { unlessRefused, withdraw } from '#core/handoff/deliver.ts';
import { endWait } from '#core/handoff/receive-signal.ts';
import { tellOwner } from '#core/handoff/tell-owner.ts';
import { guard } from '#core/nurture/reconsider.ts';
import type { Hub } from '#core/ports/hub.ts';
import { Handoff, handoffKey } from '#core/records/handoff.ts';
import { type Person, personItem } from '#core/records/person.ts';
import { read, readExisting, untilWritten } from '#core/records/store.ts';
import { follow } from './follow.ts';
import { Merge, mergeItem, mergeKey } from './merge-record.ts';

/**
 * Lets everybody know of a person's merges who does not yet: the run that waits for the absorbed
 * one ends, its owner is told and their task closed, and marketing's list is left. Cut off, it goes
 * on where it was: each effect is in the ledger.
 */
export async function settleMerges(hub: Hub, personId: string): Promise<void> {
  const stored = await follow(hub.records, personId);
  for (const id of stored?.data.merging ?? []) await settleMerge(hub, id);
  const settled = await follow(hub.records, personId);
  if (settled !== undefined) await guard(hub, settled.data);
}

/** The same for one merge. */
export async function settleMerge(hub: Hub, id: string): Promise<void> {
  const { data: merge } = await readExisting(hub.records, Merge, mergeKey(id));
  const survivor = await follow(hub.records, merge.survivor);
  if (survivor === undefined) return;
  if (merge.status === 'settling') {
    for (const { handoff } of merge.ended)
      if (handoff !== undefined) await endHandoff(hub, merge, handoff, survivor.data);
    await leave(hub, merge, survivor.data);
  }
  await untilWritten(() => writeSettled(hub, id));
}

async function endHandoff(hub: Hub, merge: Merge, id: string, survivor: Person): Promise<void> {
  const stored = await read(hub.records, Handoff, handoffKey(id));
  if (stored === undefined) return;
  const handoff = stored.data;
  await endWait(hub, handoff);
  const who = nameOf(survivor);
  const owner = survivor.owner.id;
  const why =
    owner === handoff.owner
      ? `${who} is here twice: go on with the other hand-off of yours.`
      : `${who} is the same person as a lead of ${owner}, who goes on with them.`;
  await withdraw(hub, handoff, survivor, why);
  const title = 'A lead of yours was merged with another';
  await tellOwner(hub, handoff, { key: `${merge.id}/told`, title, why });
}

const nameOf = ({ id, facts: { firstName, lastName, email } }: Person): string =>
  [firstName, lastName].filter((part) => part !== undefined).join(' ') || (email ?? id);

/** Whoever is on a list twice hears everything twice. */
async function leave(hub: Hub, { id, left }: Merge, survivor: Person): Promise<void> {
  if (left === undefined) return;
  const { connection, record, list } = left;
  const same = survivor.enrolled;
  if (same?.list === list && same.record.id === record.id) return;
  await unlessRefused(() =>
    perform(hub, {
      key: `${id}/leave`,
      personId: survivor.id,
      connection,
      verb: 'list.remove',
      title: `off list ${list} in ${connection}`,
      input: { record, list },
    }),
  );
}

async function writeSettled({ records }: Hub, id: string): Promise<void> {
  const { data: merge, version } = await readExisting(records, Merge, mergeKey(id));
  const root = await follow(records, merge.survivor);
  const isListed = root?.data.merging?.includes(id) === true;
  await records.write([
    ...(merge.status === 'settling'
      ? [{ put: mergeItem({ ...merge, status: 'settled' as const }, version + 1), if: { version } }]
      : []),
    ...(root === undefined || !isListed
      ? []
      : [
          {
            put: personItem(withoutMerging(root.data, id), root.version + 1),
            if: { version: root.version },
          },
        ]),
  ]);
}

function withoutMerging(person: Person, id: string): Person {
  const { merging = [], ...rest } = person;
  const left = merging.filter((one) => one !== id);
  return left.length === 0 ? rest : { ...rest, merging: left };
}
