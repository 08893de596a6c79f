import TinyQueue from 'tinyqueue';

/** Where a job stands in the schedule; what it is about stays in the file until it is done. */
export interface Entry {
  readonly seq: number;
  readonly id: string;
  readonly group: string;
  dueAt: number;
}

/** Which jobs are open, and which of them is next. In memory alone. */
export interface Schedule {
  enter(entry: Entry): void;
  leave(id: string): void;
  find(id: string): Entry | undefined;
  /** What a job is done for; it stays open, but is not taken again before it is put off. */
  take(now: number): Entry | { readonly nextAt: number } | undefined;
  nextAt(): number | undefined;
  putOff(id: string, until: number): void;
  entries(): Iterable<Entry>;
  readonly size: number;
}

/** So many that left may lie in the queue, where only its head can be removed. */
const MOST_GONE = 1_000;

const byDue = (left: Entry, right: Entry) => left.dueAt - right.dueAt || left.seq - right.seq;

export function openSchedule(): Schedule {
  const live = new Map<string, Entry>();
  /** Jobs that wait for each other; one that is a group of its own waits for nobody. */
  const groups = new Map<string, Entry[]>();
  let heads = new TinyQueue<Entry>([], byDue);

  const join = (entry: Entry): boolean => {
    const group = groups.get(entry.group);
    if (group === undefined) groups.set(entry.group, [entry]);
    else group.push(entry);
    return group === undefined;
  };
  const part = (entry: Entry): void => {
    const group = groups.get(entry.group) ?? [];
    const wasHead = group[0] === entry;
    group.splice(group.indexOf(entry), 1);
    if (group.length === 0) groups.delete(entry.group);
    else if (wasHead && group[0] !== undefined) heads.push(group[0]);
  };
  const isAlone = ({ id, group }: Entry) => id === group;

  const head = (): Entry | undefined => {
    for (let first = heads.peek(); first !== undefined; first = heads.peek()) {
      if (live.get(first.id) === first) return first;
      heads.pop();
    }
    return undefined;
  };

  return {
    enter(entry) {
      live.set(entry.id, entry);
      if (isAlone(entry) || join(entry)) heads.push(entry);
    },
    leave(id) {
      const entry = live.get(id);
      if (entry === undefined) return;
      live.delete(id);
      if (!isAlone(entry)) part(entry);
      if (heads.length > live.size + MOST_GONE) {
        heads = new TinyQueue(
          heads.data.filter((one) => live.get(one.id) === one),
          byDue,
        );
      }
    },
    find: (id) => live.get(id),
    take(now) {
      const first = head();
      if (first !== undefined && first.dueAt > now) return { nextAt: first.dueAt };
      return heads.pop();
    },
    nextAt: () => head()?.dueAt,
    putOff(id, until) {
      const entry = live.get(id);
      if (entry === undefined) return;
      entry.dueAt = until;
      heads.push(entry);
    },
    entries: () => live.values(),
    get size() {
      return live.size;
    },
  };
}
