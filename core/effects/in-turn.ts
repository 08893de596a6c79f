type InTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** Does pieces of work that have the same key one after the other, in the order in which they came. */
export function openTurns(): InTurn {
  const tails = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const mine = (tails.get(key) ?? Promise.resolve()).then(work, work);
    tails.set(key, mine);
    const forget = () => {
      if (tails.get(key) === mine) tails.delete(key);
    };
    mine.then(forget, forget);
    return mine;
  };
}

const turns = new WeakMap<object, InTurn>();

/**
 * Lets those of one process who write the same record of a store wait for each other. Correctness
 * comes from versions, here as everywhere; but whoever waits need not decide again after a lost race.
 */
export function inTurn<T>(store: object, key: string, work: () => Promise<T>): Promise<T> {
  const known = turns.get(store) ?? openTurns();
  turns.set(store, known);
  return known(key, work);
}
