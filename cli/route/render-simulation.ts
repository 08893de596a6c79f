import { table } from '#cli/table.ts';
import { counted, type Paint, wrap } from '#cli/terminal.ts';
import type { PersonShare, SimulationReport } from '#core/routing/simulation-report.ts';

/** Whom the leads would have gone to, how evenly, and what no rule took. */
export function renderSimulation(report: SimulationReport, policy: string, paint: Paint): string {
  if (report.leads === 0) return 'There are no past leads to route.';
  return [
    paint.bold(`${counted(report.leads, 'lead')} routed by the policy ${policy}`),
    '',
    renderPeople(report, paint),
    '',
    ...renderFairness(report, paint),
    '',
    ...renderRules(report, paint),
    ...renderCatchAll(report, paint),
    ...renderComparison(report, paint),
  ].join('\n');
}

function renderPeople({ people }: SimulationReport, paint: Paint): string {
  const known = people.some(({ actual }) => actual !== undefined);
  const rows = people.map(({ who, weight, leads, valueMinor, mostOpen, actual }: PersonShare) => [
    who.replace(/@.*/, ''),
    String(weight),
    String(leads),
    ...(known ? [String(actual ?? 0)] : []),
    (valueMinor / 100).toFixed(0),
    String(mostOpen),
  ]);
  const headings = ['who', 'weight', 'leads', ...(known ? ['really'] : []), 'value', 'most open'];
  return table(headings, rows, paint);
}

const index = (value: number) => value.toFixed(3);

function renderFairness(report: SimulationReport, paint: Paint): string[] {
  const { fairness, pools, compared, people } = report;
  // Of leads without a value nothing can be said, though the index of nothing is 1.
  const isValued = people.some(({ valueMinor }) => valueMinor > 0);
  const byWorth = (value: number) => (isValued ? `, ${index(value)} by value` : '');
  const really = compared === undefined ? '' : `, and ${index(compared.byCount)} as it happened`;
  return [
    `${paint.bold('Fairness')} ${paint.dim('(Jain, by weight; 1 is even)')}`,
    `  all together: ${index(fairness.byCount)} by count${byWorth(fairness.byValue)}${really}`,
    ...pools
      .filter(({ leads }) => leads > 0)
      .map(
        ({ pool, leads, byCount, byValue }) =>
          `  pool ${pool}: ${index(byCount)} by count${byWorth(byValue)}, of ${counted(leads, 'lead')}`,
      ),
    ...(isValued ? [] : [paint.dim('  no lead has a value, so fairness by value is not known')]),
  ];
}

const renderRules = ({ rules }: SimulationReport, paint: Paint): string[] => [
  paint.bold('Rules'),
  ...rules.map(({ rule, leads }) => `  ${String(leads).padStart(5)}  ${rule}`),
];

function renderCatchAll({ catchAll }: SimulationReport, paint: Paint): string[] {
  if (catchAll.leads === 0) return [];
  return [
    '',
    `${paint.bold('Catch-all')} ${counted(catchAll.leads, 'lead')}, ${catchAll.queued} of them to its queue`,
    ...catchAll.because.map(
      ({ why, leads }) =>
        `  ${String(leads).padStart(5)}  ${wrap(why, 80, ' '.repeat(9)).trimStart()}`,
    ),
  ];
}

function renderComparison({ compared }: SimulationReport, paint: Paint): string[] {
  if (compared === undefined) return [];
  const { same, leads } = compared;
  return ['', `${paint.bold('Compared')} ${same} of ${leads} would go to whom they went`];
}
