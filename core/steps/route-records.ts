import * as z from 'zod';
import { calendarFor } from '#core/handoff/calendar.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Write } from '#core/ports/records.ts';
import { ownerPartition } from '#core/records/person.ts';
import { read, readAll, type Stored } from '#core/records/store.ts';
import {
  dateFor,
  LoadRecord,
  loadFrom,
  loadKey,
  loadsAsked,
  withLead,
} from '#core/routing/load.ts';
import type { RoutingPolicy } from '#core/routing/policy.ts';
import { RotationState } from '#core/routing/rotation.ts';
import type { Load } from '#core/routing/share.ts';

type Store = Pick<Hub, 'records' | 'playbook' | 'now'>;

const rotationKey = (policy: string, pool: string) => ({
  pk: `ROTATION#${policy}#${pool}`,
  sk: 'ROTATION',
});

export type Rotations = ReadonlyMap<string, Stored<RotationState> | undefined>;

/** Where the turns of all pools of a policy stand. */
export async function readRotations(
  { records }: Store,
  id: string,
  policy: RoutingPolicy,
): Promise<Rotations> {
  const pools = Object.keys(policy.pools);
  const states = await Promise.all(
    pools.map((pool) => read(records, RotationState, rotationKey(id, pool))),
  );
  return new Map(pools.map((pool, index) => [pool, states[index]]));
}

/** Stores the turn that was taken; whoever took it meanwhile makes this fail. */
export function turnTaken(
  policy: string,
  rotation: { pool: string; state: RotationState } | undefined,
  stored: Rotations,
): Write[] {
  if (rotation === undefined) return [];
  const { pool, state } = rotation;
  const before = stored.get(pool);
  const item = {
    ...rotationKey(policy, pool),
    type: 'rotation',
    version: (before?.version ?? 0) + 1,
    data: state,
  };
  return [{ put: item, if: before === undefined ? 'absent' : { version: before.version } }];
}

/** What members have already, as far as a policy asks for it. */
export interface Loads {
  readonly loads: Readonly<Record<string, Load>>;
  readonly stored: ReadonlyMap<string, Stored<LoadRecord> | undefined>;
}

const Waiting = z.object({ id: z.string(), standing: z.string() });

export async function readLoads(hub: Store, policy: RoutingPolicy): Promise<Loads> {
  const { records, playbook } = hub;
  const now = hub.now();
  const asked = [...loadsAsked(policy, playbook.people)];
  const found = await Promise.all(
    asked.map(async ([{ email }, { open }]) => {
      const stored = await read(records, LoadRecord, loadKey(email));
      const waiting = open ? await openLeads(records, email) : [];
      const date = dateFor(calendarFor(playbook, email), now);
      return { email, stored, load: loadFrom(stored?.data, waiting, { date, now }) };
    }),
  );
  return {
    loads: Object.fromEntries(found.map(({ email, load }) => [email, load])),
    stored: new Map(found.map(({ email, stored }) => [email, stored])),
  };
}

async function openLeads(records: Hub['records'], email: string): Promise<string[]> {
  const pk = ownerPartition({ kind: 'salesperson', id: email });
  const people = await readAll(records, Waiting, { index: 'gsi1', pk });
  return people.filter(({ standing }) => standing === 'with-sales').map(({ id }) => id);
}

/** Counts a lead for whoever gets it, where their load matters to anybody. */
export function loadTaken(
  hub: Pick<Hub, 'playbook' | 'now'>,
  owner: string | null,
  person: string,
  { stored }: Loads,
): Write[] {
  if (owner === null || !stored.has(owner)) return [];
  const before = stored.get(owner);
  const now = hub.now();
  const date = dateFor(calendarFor(hub.playbook, owner), now);
  const item = {
    ...loadKey(owner),
    type: 'load',
    version: (before?.version ?? 0) + 1,
    data: withLead(before?.data, { person, date, now }),
  };
  return [{ put: item, if: before === undefined ? 'absent' : { version: before.version } }];
}
