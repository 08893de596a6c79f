/** How much time a run may take. */
export type Effort = 'quick' | 'default' | 'long';

/** One measured figure: the median of its samples, beside a bound measured in the same run. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly median: number;
  /** How far apart the samples lie: (largest − smallest) / median. */
  readonly spread: number;
  readonly samples: number;
  readonly bound?: Bound | undefined;
  /** What was promised of it, and whether it is so. */
  readonly aim?: Aim | undefined;
}

/** What the same machine does at the same time without the thing that is measured. */
export interface Bound {
  readonly what: string;
  readonly median: number;
  /** Median of figure / bound, taken round by round: noise that hits both goes out. */
  readonly ratio: number;
}

export interface Aim {
  readonly text: string;
  readonly met: boolean;
}

export interface Benchmark {
  readonly name: string;
  readonly summary: string;
  run(effort: Effort): Promise<Figure[]>;
}
