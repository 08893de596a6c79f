import { table } from '#cli/table.ts';
import { counted, type Paint, wrap } from '#cli/terminal.ts';
import type { WinsCompared } from './compare.ts';
import type { Outcome } from './outcome.ts';

/** A playbook and what it did. */
export interface Played {
  readonly folder: string;
  readonly version: string;
  readonly outcome: Outcome;
}

type Figure = (outcome: Outcome) => number | null;

const FIGURES: readonly [string, Figure][] = [
  ['leads', ({ leads }) => leads],
  ['hand-offs', ({ handOffs }) => handOffs],
  ['  accepted', ({ accepted }) => accepted],
  ['  worked', ({ worked }) => worked],
  ['  half of these within hours', ({ medianHoursToWork }) => medianHoursToWork],
  ['  passed on to a colleague', ({ passedOn }) => passedOn],
  ['  handed back', ({ handBacks }) => handBacks],
  ['clocks', ({ clocks }) => clocks],
  ['  breached', ({ breaches }) => breaches],
  ['accounts won', ({ wins }) => Object.keys(wins).length],
  ['accounts with two owners at once', ({ accountsWithTwoOwners }) => accountsWithTwoOwners],
  ['with sales at the end', ({ standings }) => standings['with-sales']],
  ['in nurture at the end', ({ standings }) => standings.nurture],
  ['declined', ({ standings }) => standings.declined],
];

/** One playbook, or two side by side with what the first does otherwise. */
export function renderSimulation(
  played: Played,
  against: Played | undefined,
  wins: WinsCompared | undefined,
  paint: Paint,
): string {
  const sides = against === undefined ? [played] : [played, against];
  return [
    ...sides.map(
      ({ folder, version }, index) =>
        `${index === 0 ? 'playbook' : 'against '}  ${folder} ${paint.dim(version.slice(0, 12))}`,
    ),
    '',
    figures(sides, paint),
    '',
    loads(sides, paint),
    '',
    ...(wins === undefined ? [] : [winsSaid(wins), '']),
    ...sides.flatMap(({ folder, outcome }) => problems(folder, outcome, paint)),
    paint.dim(unsent(sides)),
  ].join('\n');
}

const HEADINGS = ['playbook', 'against'];
const text = (value: number | null) => (value === null ? '–' : String(value));

function figures(sides: readonly Played[], paint: Paint): string {
  const rows = FIGURES.map(([what, figure]) => {
    const values = sides.map(({ outcome }) => figure(outcome));
    return [what, ...values.map(text), ...(values.length > 1 ? [difference(values)] : [])];
  });
  const headings = ['what', ...HEADINGS.slice(0, sides.length)];
  return table(sides.length > 1 ? [...headings, 'difference'] : headings, rows, paint);
}

function difference([one = null, other = null]: readonly (number | null)[]): string {
  if (one === null || other === null || one === other) return '';
  const by = Math.round((one - other) * 10) / 10;
  return by > 0 ? `+${by}` : String(by);
}

/** Of each salesperson, what they got and what became of it; of two playbooks with a stroke between. */
function loads(sides: readonly Played[], paint: Paint): string {
  const names = [...new Set(sides.flatMap(({ outcome }) => Object.keys(outcome.load)))].sort();
  const rows = names.map((name) => {
    const of = sides.map(({ outcome }) => outcome.load[name]);
    const cell = (field: 'given' | 'mostAtOnce' | 'breaches' | 'won') =>
      of.map((load) => String(load?.[field] ?? 0)).join(' / ');
    return [
      name.split('@')[0] ?? name,
      cell('given'),
      cell('mostAtOnce'),
      cell('breaches'),
      cell('won'),
    ];
  });
  return table(['load', 'leads given', 'most at once', 'breaches', 'won'], rows, paint);
}

function winsSaid({ both, sooner, later, meanDaysSooner, missed, gained }: WinsCompared): string {
  const mean =
    meanDaysSooner === null || meanDaysSooner === 0
      ? ''
      : ` (${Math.abs(meanDaysSooner)} days ${meanDaysSooner > 0 ? 'sooner' : 'later'} on average)`;
  const said = `Of ${counted(both, 'account')} that both win, ${sooner} are won sooner and ${later} later${mean}. ${missed} that only the other wins are missed, ${gained} are won besides.`;
  return wrap(said);
}

const problems = (folder: string, { findings }: Outcome, paint: Paint): string[] =>
  findings.length === 0
    ? []
    : [
        paint.red(`${counted(findings.length, 'lead')} went astray under ${folder}:`),
        ...findings.slice(0, 10).map((one) => wrap(one, 80, '  ')),
        '',
      ];

function unsent(sides: readonly Played[]): string {
  const calls = sides
    .flatMap(({ outcome }) => Object.values(outcome.unsent))
    .reduce((sum, count) => sum + count, 0);
  return `Nothing was sent: ${calls} calls and mails were written down instead.`;
}
