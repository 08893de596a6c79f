import type { Person } from '#core/records/person.ts';

/**
 * Holds those who were merged to those who stand for them, who may come in any order: whoever is
 * gone leads to somebody, and is counted by exactly the one to whom they lead.
 */
export function openMergeCheck(complain: (about: string, message: string) => void) {
  const into = new Map<string, string>();
  const standFor = new Map<string, readonly string[]>();
  const compare = (id: string, ids: readonly string[], named: readonly string[]) => {
    for (const one of named.filter((each) => !ids.includes(each)))
      complain(id, `stands for ${one}, who was not merged into it.`);
    for (const one of ids.filter((each) => !named.includes(each)))
      complain(one, `was merged into ${id}, who is not there or does not stand for it.`);
  };
  return {
    see({ id, mergedInto, merged }: Person): void {
      if (mergedInto !== undefined) into.set(id, mergedInto.person);
      else if (merged !== undefined) standFor.set(id, merged);
    },
    finish(): void {
      const led = new Map<string, string[]>();
      for (const id of into.keys()) {
        const end = endOf(into, id);
        led.set(end, [...(led.get(end) ?? []), id]);
      }
      for (const id of new Set([...led.keys(), ...standFor.keys()]))
        compare(id, led.get(id) ?? [], standFor.get(id) ?? []);
    },
  };
}

/** Where a chain of merges ends; one that runs in a circle ends where it began. */
function endOf(into: ReadonlyMap<string, string>, id: string): string {
  const seen = new Set<string>();
  let end = id;
  for (let next = into.get(end); next !== undefined && !seen.has(next); next = into.get(end)) {
    seen.add(next);
    end = next;
  }
  return end;
}
