import type * as z from 'zod';
import { recordOwner } from '#core/handoff/owner.ts';
import { comesUpAt, comeUpJob } from '#core/nurture/come-up.ts';
import type { Item } from '#core/ports/records.ts';
import { Handoff } from '#core/records/handoff.ts';
import { Person, personItem } from '#core/records/person.ts';
import { RunLock } from '#core/runs/start-run.ts';
import type { StoreReader } from '#platform/embedded/reader.ts';
import { openMergeCheck } from './verify-merges.ts';

/** Something in the store that a hub never leaves behind by design. */
export interface Finding {
  readonly about: string;
  readonly message: string;
}

type Complain = (about: string, message: string) => void;

/** What was looked at, and what was found. */
export interface Verified {
  readonly checked: { readonly people: number; readonly handoffs: number; readonly runs: number };
  readonly findings: readonly Finding[];
}

/**
 * Looks for leads that could get lost: without owner or next action, with two open hand-offs,
 * behind a run that nothing will wake or a wait that no timer ends, or listed elsewhere than they
 * are. Sees the store at one moment, and one person after the other, however many there are.
 */
export function verifyStore(store: StoreReader): Verified {
  return store.atOneMoment(() => {
    const findings: Finding[] = [];
    const complain: Complain = (about, message) => findings.push({ about, message });
    const checked = { people: 0, handoffs: 0, runs: store.runs.count() };
    const merges = openMergeCheck(complain);
    const types = ['person', 'merged-person', 'handoff', 'run-lock'];
    for (const items of byPartition(store.eachItem(types))) {
      const of = (type: string) => items.filter((item) => item.type === type);
      const people = parsed(of('person'), Person, complain);
      const handoffs = parsed(of('handoff'), Handoff, complain);
      const locks = parsed(of('run-lock'), RunLock, complain);
      const merged = parsed(of('merged-person'), Person, complain);
      checked.people += people.length;
      checked.handoffs += handoffs.length;
      checkPartition({ people, merged, handoffs, locks }, complain);
      for (const { data } of [...people, ...merged]) merges.see(data);
      for (const { item, data } of people) checkNurture(store, item, data, complain);
      checkLocks(store, locks, complain);
    }
    merges.finish();
    for (const run of store.runs.stuck())
      complain(run, 'runs, but waits for no task, no timer and no signal: nothing will wake it.');
    for (const run of store.runs.untimed())
      complain(run, 'waits for a signal, but no timer will end the wait.');
    return { checked, findings };
  });
}

interface Read<T> {
  readonly item: Item;
  readonly data: T;
}

/** Cuts items in the order of their keys where another partition begins. */
function* byPartition(items: Iterable<Item>): Generator<Item[]> {
  let partition: Item[] = [];
  for (const item of items) {
    if (partition.length > 0 && partition[0]?.pk !== item.pk) {
      yield partition;
      partition = [];
    }
    partition.push(item);
  }
  if (partition.length > 0) yield partition;
}

interface Partition {
  readonly people: readonly Read<Person>[];
  readonly merged: readonly Read<Person>[];
  readonly handoffs: readonly Read<Handoff>[];
  readonly locks: readonly Read<RunLock>[];
}

function checkPartition({ people, merged, handoffs, locks }: Partition, complain: Complain): void {
  for (const { item, data } of people) {
    checkIndex(item, data, complain);
    const mine = handoffs.map((one) => one.data).filter(isOpen);
    checkHandoffs(data, mine, complain);
    checkWork(data, mine, locks, complain);
  }
  for (const { data } of merged) checkMerged(data, handoffs, complain);
  if (people.length + merged.length > 0) return;
  for (const { data } of handoffs) complain(data.id, 'hands off a person who is not there.');
}

/** What sales has of somebody who was merged is with whoever stands for them. */
function checkMerged({ id }: Person, handoffs: readonly Read<Handoff>[], complain: Complain): void {
  for (const { data } of handoffs.filter(({ data }) => isOpen(data)))
    complain(id, `was merged into somebody else, but its hand-off ${data.id} is open.`);
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

function checkHandoffs(person: Person, open: readonly Handoff[], complain: Complain): void {
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
  // On its way to somebody: the lead is with whoever had it until it has arrived.
  if (current.status === 'assigning') return;
  const owner = recordOwner(current.owner);
  if (owner.kind === person.owner.kind && owner.id === person.owner.id) return;
  complain(
    person.id,
    `is owned by ${person.owner.kind} ${person.owner.id}, but ${current.id} is with ${owner.kind} ${owner.id}.`,
  );
}

/**
 * Whoever is not with sales is in one place: on a track with a time that somebody watches, or in a
 * queue; and on a list of marketing only while marketing may speak to them.
 */
function checkNurture(store: StoreReader, item: Item, person: Person, complain: Complain): void {
  const { id, standing, owner, enrolled } = person;
  const onTrack = owner.kind === 'track';
  // A run that failed leaves its lead to whoever looks after failures.
  const isLost = standing === 'nurture' && !onTrack && owner.id !== 'attention';
  if (isLost || (onTrack && standing !== 'nurture'))
    complain(id, `is ${standing}, but owned by ${owner.kind} ${owner.id}.`);
  if (standing === 'with-sales' && enrolled !== undefined)
    complain(id, `is with sales, but still on marketing's list ${enrolled.list}.`);
  const due = comesUpAt(item);
  if (due !== undefined && !store.hasOpenJob(comeUpJob(due)))
    complain(id, `is in nurture until ${due.at}, but no timer will bring them up.`);
}

/** What is under way must have a run that brings it to an end. */
function checkWork(
  person: Person,
  open: readonly Handoff[],
  locks: readonly Read<RunLock>[],
  complain: Complain,
): void {
  if (locks.some(({ data }) => data.status === 'running')) return;
  if (person.standing === 'rating')
    complain(person.id, 'is being rated, but no workflow runs for it.');
  for (const { id, owner } of open)
    complain(person.id, `is handed off to ${owner} by ${id}, but no workflow runs for it.`);
}

const personIn = (pk: string) => pk.slice('PERSON#'.length);

/** A lock is held by a run, or by work that will start one or settle its end. */
function checkLocks(store: StoreReader, locks: readonly Read<RunLock>[], complain: Complain): void {
  for (const { item, data } of locks) {
    if (data.status !== 'running') continue;
    const status = store.runs.status(data.run);
    const goesOn =
      status === undefined
        ? store.hasOpenJobs('news') || store.hasOpenJobUnder(`come-up/${personIn(item.pk)}/`)
        : status === 'RUNNING' || store.hasOpenJob(`${data.run}/ended`);
    if (!goesOn)
      complain(item.pk, `is held by the run ${data.run}, which is over or was never started.`);
  }
}
