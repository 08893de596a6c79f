import TinyQueue from 'tinyqueue';

/** What the world outside the hub will do, in order of time; what was planned first comes first. */
export interface Agenda {
  plan(at: Date, action: () => Promise<void> | void): void;
  /** When something happens next. */
  nextAt(): number;
  /** Does everything that is due by now. */
  act(now: Date): Promise<void>;
}

interface Planned {
  readonly at: number;
  readonly seq: number;
  readonly action: () => Promise<void> | void;
}

export function openAgenda(): Agenda {
  const planned = new TinyQueue<Planned>(
    [],
    (left, right) => left.at - right.at || left.seq - right.seq,
  );
  let seq = 0;
  const nextAt = () => planned.peek()?.at ?? Number.POSITIVE_INFINITY;
  return {
    plan(at, action) {
      planned.push({ at: at.getTime(), seq, action });
      seq += 1;
    },
    nextAt,
    async act(now) {
      while (nextAt() <= now.getTime()) await planned.pop()?.action();
    },
  };
}
