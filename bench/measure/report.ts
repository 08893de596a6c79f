import Table from 'cli-table3';
import type { Figure } from '../benchmark.ts';

/** The figures of one benchmark as people read them. */
export function renderFigures(figures: readonly Figure[]): string {
  const table = new Table({
    head: ['', 'median', '', '±', 'bound', 'ratio', 'aim'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'left', 'right', 'right', 'right', 'left'],
  });
  for (const { what, median, unit, spread, bound, aim } of figures) {
    table.push([
      what,
      number(median),
      unit,
      `${Math.round(spread * 50)} %`,
      bound === undefined ? '' : `${number(bound.median)} (${bound.what})`,
      bound === undefined ? '' : ratio(bound.ratio),
      aim === undefined ? '' : `${aim.text}: ${aim.met ? 'yes' : 'no'}`,
    ]);
  }
  return table.toString();
}

/** Three digits that count. */
function number(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** A small share is easier read as a fraction. */
function ratio(value: number): string {
  return value > 0 && value < 0.5 ? `1/${number(1 / value)}` : `${number(value)}×`;
}
