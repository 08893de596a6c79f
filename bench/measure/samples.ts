import type { Aim, Figure } from '../benchmark.ts';

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The smallest value that at least this share of all values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  const index = Math.ceil(sorted.length * share) - 1;
  return sorted[Math.max(0, index)] ?? Number.NaN;
}

function spread(values: readonly number[]): number {
  const width = Math.max(...values) - Math.min(...values);
  return width === 0 ? 0 : width / median(values);
}

/** A figure from its samples and, sample by sample, from those of its bound. */
export function figure(
  of: Pick<Figure, 'what' | 'unit'> & {
    readonly samples: readonly number[];
    readonly bound?: { readonly what: string; readonly samples: readonly number[] };
    /** Judged by the ratio to the bound where there is one, else by the figure itself. */
    readonly aim?: { readonly text: string; readonly holds: (value: number) => boolean };
  },
): Figure {
  const { what, unit, samples, bound, aim } = of;
  const middle = median(samples);
  const ratio =
    bound === undefined
      ? undefined
      : median(samples.map((sample, round) => sample / (bound.samples[round] ?? Number.NaN)));
  return {
    what,
    unit,
    median: middle,
    spread: spread(samples),
    samples: samples.length,
    ...(bound && ratio !== undefined
      ? { bound: { what: bound.what, median: median(bound.samples), ratio } }
      : {}),
    ...(aim && { aim: judged(aim, ratio ?? middle) }),
  };
}

/**
 * Makes figures of numbers that each sample has, beside the same numbers of the bare program that
 * bounds them.
 */
export function besideBound<Sample extends Record<keyof Sample, number>>(
  what: string,
  bound: readonly Sample[],
) {
  return (
    name: string,
    unit: string,
    samples: readonly Sample[],
    of: keyof Sample,
    aim?: Parameters<typeof figure>[0]['aim'],
  ): Figure =>
    figure({
      what: name,
      unit,
      samples: samples.map((one) => one[of]),
      bound: { what, samples: bound.map((one) => one[of]) },
      ...(aim && { aim }),
    });
}

const judged = (
  aim: { readonly text: string; readonly holds: (value: number) => boolean },
  value: number,
): Aim => ({ text: aim.text, met: aim.holds(value) });
