import type * as z from 'zod';
import { recordOwner } from '#core/handoff/owner.ts';
import type { Item } from '#core/ports/records.ts';
import { Handoff } from '#core/records/handoff.ts';
import { Person, personItem } from '#core/records/person.ts';
import { RunLock } from '#core/runs/start-run.ts';
import type { StoreReader } from '#platform/embedded/reader.ts';

/** Something in the store that a hub never leaves behind by design. */
export interface Finding {
  readonly about: string;
  readonly message: string;
}

type Complain = (about: string, message: string) => void;

/**
 * Looks for leads that could get lost: without owner or next action, with two open hand-offs,
 * behind a run that nothing will wake, or listed elsewhere than they are.
 */
export function verifyStore(store: StoreReader) {
  const findings: Finding[] = [];
  const complain: Complain = (about, message) => findings.push({ about, message });
  const people = parsed(store.items('person'), Person, complain);
  const handoffs = parsed(store.items('handoff'), Handoff, complain);
  const locks = parsed(store.items('run-lock'), RunLock, complain);
  const runs = store.runs();

  const handoffsOf = grouped(handoffs, ({ data }) => data.personId);
  const locksOf = grouped(locks, ({ item }) => item.pk);
  for (const { item, data } of people) {
    checkIndex(item, data, complain);
    const mine = handoffsOf.get(data.id) ?? [];
    checkHandoffs(
      data,
      mine.map((one) => one.data),
      complain,
    );
    checkRating(data, locksOf.get(item.pk) ?? [], complain);
  }
  const known = new Set(people.map(({ data }) => data.id));
  for (const { data } of handoffs) {
    if (!known.has(data.personId)) complain(data.id, 'hands off a person who is not there.');
  }
  const wakeable = store.wakeable();
  for (const { name, status } of runs) {
    if (status !== 'RUNNING' || wakeable.has(name)) continue;
    complain(name, 'runs, but waits for no task, no timer and no signal: nothing will wake it.');
  }
  checkLocks(store, locks, new Map(runs.map((run) => [run.name, run.status])), complain);
  return {
    checked: { people: people.length, handoffs: handoffs.length, runs: runs.length },
    findings,
  };
}

interface Read<T> {
  readonly item: Item;
  readonly data: T;
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return groups;
}

/** The records of a type; one that does not fit its schema has, for all we know, no owner. */
function parsed<T>(items: readonly Item[], schema: z.ZodType<T>, complain: Complain): Read<T>[] {
  return items.flatMap((item) => {
    const result = schema.safeParse(item.data);
    if (result.success) return [{ item, data: result.data }];
    const fields = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    complain(`${item.pk} / ${item.sk}`, `does not fit its schema. ${fields.join('; ')}`);
    return [];
  });
}

function checkIndex(item: Item, person: Person, complain: Complain): void {
  const { gsi1pk, gsi1sk } = personItem(person, item.version);
  if (item.gsi1pk === gsi1pk && item.gsi1sk === gsi1sk) return;
  complain(
    person.id,
    `is listed under ${item.gsi1pk ?? 'nobody'} at ${item.gsi1sk ?? 'no time'}, but the record says ${gsi1pk} at ${gsi1sk}.`,
  );
}

const isOpen = ({ status }: Handoff) => status === 'open' || status === 'assigning';

function checkHandoffs(person: Person, handoffs: readonly Handoff[], complain: Complain): void {
  const open = handoffs.filter(isOpen);
  if (open.length > 1) {
    complain(
      person.id,
      `has ${open.length} open hand-offs: ${open.map(({ id }) => id).join(', ')}.`,
    );
  }
  if (person.standing !== 'with-sales') return;
  const [current] = open;
  if (current === undefined) {
    complain(person.id, 'is with sales, but no hand-off is open.');
    return;
  }
  const owner = recordOwner(current.owner);
  if (owner.kind === person.owner.kind && owner.id === person.owner.id) return;
  complain(
    person.id,
    `is owned by ${person.owner.kind} ${person.owner.id}, but ${current.id} is with ${owner.kind} ${owner.id}.`,
  );
}

function checkRating(person: Person, locks: readonly Read<RunLock>[], complain: Complain): void {
  if (person.standing !== 'rating') return;
  if (locks.some(({ data }) => data.status === 'running')) return;
  complain(person.id, 'is being rated, but no workflow runs for it.');
}

/** A lock is held by a run, or by work that will start one or settle its end. */
function checkLocks(
  store: StoreReader,
  locks: readonly Read<RunLock>[],
  status: ReadonlyMap<string, string>,
  complain: Complain,
): void {
  const starting = store.openJobs('news').length > 0;
  const ending = new Set(store.openJobs('ended'));
  for (const { item, data } of locks) {
    if (data.status !== 'running' || status.get(data.run) === 'RUNNING') continue;
    if (status.has(data.run) ? ending.has(`${data.run}/ended`) : starting) continue;
    complain(item.pk, `is held by the run ${data.run}, which is over or was never started.`);
  }
}
