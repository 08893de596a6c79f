import type { Urgency } from '#core/ports/operations.ts';

const RANKS: Readonly<Record<Urgency, number>> = { clock: 0, usual: 1, backfill: 2 };

/** Somebody who waits in the line. */
export interface Place {
  /** Resolves when nobody stands before it any more. */
  turn(): Promise<void>;
  leave(): void;
}

/** Callers that wait for the same limits: by urgency, then by who came first. */
export class Line {
  readonly #waiting: { readonly rank: number; wake: () => void }[] = [];

  join(urgency: Urgency): Place {
    const mine = { rank: RANKS[urgency], wake: () => {} };
    const before = this.#waiting.findIndex(({ rank }) => rank > mine.rank);
    this.#waiting.splice(before < 0 ? this.#waiting.length : before, 0, mine);
    return {
      turn: async () => {
        while (this.#waiting[0] !== mine)
          await new Promise<void>((resolve) => {
            mine.wake = resolve;
          });
      },
      leave: () => {
        this.#waiting.splice(this.#waiting.indexOf(mine), 1);
        this.#waiting[0]?.wake();
      },
    };
  }
}
