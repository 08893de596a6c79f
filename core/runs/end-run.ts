import { closedStanding, closeHandoff } from '#core/handoff/close.ts';
import { survivorOf } from '#core/identity/merge/follow.ts';
import { appliedEvent } from '#core/intake/applied-event.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Write } from '#core/ports/records.ts';
import { Handoff, handoffId, handoffItem, handoffKey } from '#core/records/handoff.ts';
import { logItem } from '#core/records/log-entry.ts';
import { PERSON_MERGED, Person, personItem, personKey } from '#core/records/person.ts';
import { read, readExisting, type Stored, untilWritten } from '#core/records/store.ts';
import { resume, toResume } from './resume.ts';
import { RunLock, runLockItem, runLockKey, startedKey, startRun } from './start-run.ts';

export interface EndedRun {
  readonly run: string;
  readonly workflow: string;
  readonly person: string;
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

/** Somebody looks at a lead whose run failed within this time. */
const ATTENTION_HOURS = 4;

/**
 * Puts a person where the end of a run leaves them: a closed opportunity is won or lost; a run
 * that failed leaves its lead in the queue `attention`, visible, with the error. Then the person
 * is free for the next run. Repeated, it changes nothing.
 */
export async function endRun(hub: Hub, ended: EndedRun): Promise<void> {
  const pending = await untilWritten(() => release(hub, ended));
  if (ended.error === PERSON_MERGED) await resume(hub, ended.person);
  if (pending === undefined) return;
  const event = await appliedEvent(hub.records, pending);
  const person = await survivorOf(hub.records, ended.person);
  if (event !== undefined) await startRun(hub, ended.workflow, person, event);
}

async function release(hub: Hub, ended: EndedRun): Promise<string | undefined> {
  const lock = await readExisting(hub.records, RunLock, runLockKey(ended.person, ended.workflow));
  if (lock.data.run !== ended.run) return undefined;
  if (lock.data.status === 'ended') return lock.data.pending;

  const person = await readExisting(hub.records, Person, personKey(ended.person));
  if (person.data.mergedInto !== undefined) return releaseMerged(hub, ended, person.data, lock);
  if (ended.error === PERSON_MERGED) return releaseParted(hub, ended, person, lock);
  const handoff = await read(
    hub.records,
    Handoff,
    handoffKey(handoffId(ended.person, person.data.cycle)),
  );
  const current = handoff?.data.run === ended.run ? handoff : undefined;
  await hub.records.write([
    {
      put: runLockItem(ended.person, { ...lock.data, status: 'ended' }, lock.version + 1),
      if: { version: lock.version },
    },
    ...(ended.status === 'SUCCEEDED'
      ? closeDeal(hub, person, current)
      : callForHelp(hub, person, current, ended)),
  ]);
  return lock.data.pending;
}

/**
 * The end of a run for somebody who is somebody else by now: who stands for them has a run of their
 * own. What started it is told to that one, unless sales had them by this run.
 */
async function releaseMerged(
  hub: Hub,
  { run, workflow, person, error }: EndedRun,
  { cycle, mergedInto }: Person,
  lock: Stored<RunLock>,
): Promise<string | undefined> {
  const last = await read(hub.records, Handoff, handoffKey(handoffId(person, cycle)));
  const unheard = last?.data.run !== run;
  const pending = lock.data.pending ?? (unheard ? lock.data.event : undefined);
  await hub.records.write([
    {
      put: runLockItem(person, { ...lock.data, status: 'ended', pending }, lock.version + 1),
      if: { version: lock.version },
    },
    ...(unheard ? [{ remove: startedKey(lock.data.event, workflow) }] : []),
    {
      put: logItem(hub, person, `merged/${run}`, {
        at: hub.now().toISOString(),
        kind: 'decision',
        title: `the run ended: they are the same person as ${mergedInto?.person}`,
        detail: { run, error },
      }),
    },
  ]);
  return pending;
}

/** The same where the merge was undone before the run came to its end: its workflow starts anew. */
async function releaseParted(
  hub: Hub,
  { run, person: id }: EndedRun,
  { data: person, version }: Stored<Person>,
  lock: Stored<RunLock>,
): Promise<string | undefined> {
  const over = { ...lock.data, status: 'ended' as const };
  const waits = person.standing === 'rating' && person.resumes === undefined;
  const next = toResume(person, [run], hub.now().toISOString());
  await hub.records.write([
    { put: runLockItem(id, over, lock.version + 1), if: { version: lock.version } },
    ...(waits ? [{ put: personItem(next, version + 1), if: { version } }] : []),
  ]);
  return lock.data.pending;
}

/** A run that went to its end by itself leaves an open hand-off only when the opportunity is closed. */
function closeDeal(
  hub: Hub,
  person: Stored<Person>,
  handoff: Stored<Handoff> | undefined,
): Write[] {
  const closed = handoff?.data.signals.closed;
  if (handoff === undefined || handoff.data.status !== 'open' || closed === undefined) return [];
  const at = hub.now().toISOString();
  return [
    {
      put: handoffItem(closeHandoff(handoff.data, closed.outcome, at), handoff.version + 1),
      if: { version: handoff.version },
    },
    {
      put: personItem(closedStanding(person.data, closed.outcome, at), person.version + 1),
      if: { version: person.version },
    },
    {
      put: logItem(hub, person.data.id, `closed/${handoff.data.id}`, {
        at,
        kind: 'decision',
        title: `closed: ${closed.outcome}`,
        detail: { owner: handoff.data.owner, handoff: handoff.data.id },
      }),
    },
  ];
}

function callForHelp(
  hub: Hub,
  person: Stored<Person>,
  handoff: Stored<Handoff> | undefined,
  ended: EndedRun,
): Write[] {
  const now = hub.now();
  const at = now.toISOString();
  const lookBy = new Date(now.getTime() + ATTENTION_HOURS * 3_600_000).toISOString();
  const waiting: Person = {
    ...person.data,
    owner: { kind: 'queue', id: 'attention' },
    nextAction: { what: `look at the failed run ${ended.run}`, at: lookBy },
  };
  const { run, status, error, cause } = ended;
  return [
    { put: personItem(waiting, person.version + 1), if: { version: person.version } },
    {
      put: logItem(hub, person.data.id, `failed/${run}`, {
        at,
        kind: 'decision',
        title: `the run failed: ${error ?? status}`,
        detail: { run, status, error, cause },
      }),
    },
    ...(handoff === undefined
      ? []
      : [
          {
            put: handoffItem(
              closeHandoff(handoff.data, 'failed', at, 'run_failed'),
              handoff.version + 1,
            ),
            if: { version: handoff.version },
          },
        ]),
  ];
}
