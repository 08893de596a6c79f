import type { Item, Key } from '#core/ports/records.ts';

/** What stands in the file under a key; parsed when it is first asked for, and then always the same. */
export type Standing = () => Item | undefined;

/** The items last read or written, so that reading one again costs nothing. */
export interface ItemCache {
  find(key: Key): Standing | undefined;
  keep(key: Key, standing: Standing): void;
  forget(key: Key): void;
}

/** For whoever reads a store that another process writes. */
export const NO_CACHE: ItemCache = { find: () => undefined, keep: () => {}, forget: () => {} };

/** A few kilobytes each at most. */
const MOST_ITEMS = 4_000;

/** Only for the one process that writes: nobody else tells it of a change. */
export function openItemCache(): ItemCache {
  // A map lists its keys in the order in which they were set: the first is the longest unused.
  const kept = new Map<string, Standing>();
  const keep = (id: string, standing: Standing): void => {
    kept.delete(id);
    kept.set(id, standing);
  };
  return {
    find(key) {
      const id = idOf(key);
      const standing = kept.get(id);
      if (standing !== undefined) keep(id, standing);
      return standing;
    },
    keep(key, standing) {
      keep(idOf(key), standing);
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST_ITEMS) return;
        kept.delete(oldest);
      }
    },
    forget: (key) => void kept.delete(idOf(key)),
  };
}

/** One text for both halves of a key, whatever characters they hold. */
export const idOf = ({ pk, sk }: Key): string => `${pk.length}:${pk}${sk}`;
