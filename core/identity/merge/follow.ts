import type { Records } from '#core/ports/records.ts';
import { Person, personKey } from '#core/records/person.ts';
import { read, readExisting, type Stored } from '#core/records/store.ts';
import { ownKey } from './merge-record.ts';

/** A merge has no end only where the store is broken; a chain is never longer than a person may hold. */
const MOST_HOPS = 50;

/** Who stands for a person now: whoever they were merged into, or themselves. */
export async function follow(records: Records, id: string): Promise<Stored<Person> | undefined> {
  let stored = await read(records, Person, personKey(id));
  for (let hops = 0; hops < MOST_HOPS; hops += 1) {
    const into = stored?.data.mergedInto;
    if (into === undefined) return stored;
    stored = await read(records, Person, personKey(into.person));
  }
  return stored;
}

/** The same of somebody who must be there. */
export const followExisting = async (records: Records, id: string): Promise<Stored<Person>> =>
  (await follow(records, id)) ?? readExisting(records, Person, personKey(id));

/** The id of whoever stands for a person now; their own where nobody knows them. */
export const survivorOf = async (records: Records, id: string): Promise<string> =>
  (await follow(records, id))?.data.id ?? id;

/** What was told of one member of a merged person under that member's own aliases, and its key. */
export interface Leaf {
  readonly stored: Stored<Person>;
  /** Whether it is the survivor's, who is kept beside what they are for all. */
  readonly isOwn: boolean;
}

export async function readLeaf(records: Records, root: Person, member: string): Promise<Leaf> {
  const isOwn = member === root.id;
  const key = isOwn ? ownKey(member) : personKey(member);
  return { isOwn, stored: await readExisting(records, Person, key) };
}
