import * as z from 'zod';
import type { CanonicalEvent } from '#core/events.ts';
import { shortHash } from '#core/hash.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Item } from '#core/ports/records.ts';
import { logItem } from '#core/records/log-entry.ts';
import { Person, personItem, personKey } from '#core/records/person.ts';
import { read, readExisting, type Stored, untilWritten } from '#core/records/store.ts';

/** One run per person and workflow: which it is, which event started it, and who came meanwhile. */
export const RunLock = z.strictObject({
  run: z.string(),
  workflow: z.string(),
  event: z.string(),
  /** Counts the runs of this person through this workflow, from 1. */
  count: z.number().int().positive(),
  status: z.enum(['running', 'ended']),
  /** A hand-raise that came while the run was under way: it starts the next one. */
  pending: z.string().optional(),
});
export type RunLock = z.infer<typeof RunLock>;

export const runLockKey = (personId: string, workflow: string) => ({
  pk: `PERSON#${personId}`,
  sk: `WORKFLOW#${workflow}`,
});

export const runLockItem = (personId: string, lock: RunLock, version: number): Item => ({
  ...runLockKey(personId, lock.workflow),
  type: 'run-lock',
  version,
  data: lock,
});

/** Automatic steps take seconds; a lead that is still being rated after this long is looked at. */
const RATING_MINUTES = 15;

/**
 * Starts a workflow for a person unless one is under way. The same event again finds its own run
 * and makes sure that it was started; a hand-raise during a run waits for its end.
 */
export async function startRun(
  hub: Hub,
  workflow: string,
  personId: string,
  event: CanonicalEvent,
): Promise<void> {
  const lock = await untilWritten(() => takeLock(hub, workflow, personId, event));
  if (lock.event !== event.id || lock.status !== 'running') return;
  await hub.runs.start({
    workflow,
    name: lock.run,
    input: { person: personId, event: event.id, workflow },
  });
}

async function takeLock(
  hub: Hub,
  workflow: string,
  personId: string,
  event: CanonicalEvent,
): Promise<RunLock> {
  const stored = await read(hub.records, RunLock, runLockKey(personId, workflow));
  if (stored?.data.event === event.id) return stored.data;
  if (stored?.data.status === 'running') return keepForLater(hub, personId, event, stored);

  const person = await readExisting(hub.records, Person, personKey(personId));
  const count = (stored?.data.count ?? 0) + 1;
  const run = `${workflow}-${shortHash(personId)}-${count}`;
  const lock: RunLock = { run, workflow, event: event.id, count, status: 'running' };
  const at = hub.now();
  const rating: Person = {
    ...person.data,
    standing: 'rating',
    owner: { kind: 'queue', id: 'rating' },
    nextAction: {
      what: 'rate and route',
      at: new Date(at.getTime() + RATING_MINUTES * 60_000).toISOString(),
    },
  };
  await hub.records.write([
    {
      put: runLockItem(personId, lock, (stored?.version ?? 0) + 1),
      if: stored === undefined ? 'absent' : { version: stored.version },
    },
    { put: personItem(rating, person.version + 1), if: { version: person.version } },
    {
      put: logItem(hub, personId, `start/${run}`, {
        at: at.toISOString(),
        kind: 'decision',
        title: `workflow ${workflow} started${count > 1 ? ` for the ${count}. time` : ''}`,
        detail: { run, event: event.id, playbook: hub.playbook.version },
      }),
    },
  ]);
  return lock;
}

async function keepForLater(
  hub: Hub,
  personId: string,
  event: CanonicalEvent,
  stored: Stored<RunLock>,
): Promise<RunLock> {
  const raised = event.type === 'lead.captured' && event.handRaiser;
  if (!raised || stored.data.pending !== undefined) return stored.data;
  const waiting = { ...stored.data, pending: event.id };
  await hub.records.write([
    { put: runLockItem(personId, waiting, stored.version + 1), if: { version: stored.version } },
  ]);
  return waiting;
}
