/** What the world outside the hub will do, in order of time; what was planned first comes first. */
export interface Agenda {
  plan(at: Date, action: () => Promise<void> | void): void;
  /** When something happens next. */
  nextAt(): number;
  /** Does everything that is due by now. */
  act(now: Date): Promise<void>;
}

export function openAgenda(): Agenda {
  const planned: { at: number; seq: number; action: () => Promise<void> | void }[] = [];
  let seq = 0;
  return {
    plan(at, action) {
      planned.push({ at: at.getTime(), seq: seq++, action });
      planned.sort((left, right) => left.at - right.at || left.seq - right.seq);
    },
    nextAt: () => planned[0]?.at ?? Number.POSITIVE_INFINITY,
    async act(now) {
      for (
        let next = planned[0];
        next !== undefined && next.at <= now.getTime();
        next = planned[0]
      ) {
        planned.shift();
        await next.action();
      }
    },
  };
}
