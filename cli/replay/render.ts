import { table } from '#cli/table.ts';
import { type Paint, wrap } from '#cli/terminal.ts';
import type { Reckoning } from './reckon.ts';

/** What became of each lead, on one screen. */
export function renderReckoning(reckoning: Reckoning, wallMs: number, paint: Paint): string {
  const { leads, accountsWithTwoOwners: owners, outcomes, unaccounted, differences } = reckoning;
  const rows: [string, number][] = [
    ['leads', leads],
    ['accounts', reckoning.accounts],
    ['  with two owners in the history', owners.history],
    ['  with two owners in the hub', owners.hub],
    ['handed to sales', reckoning.handedOff],
    ['worked by sales', reckoning.worked],
    ['  a deal, but no activity logged', reckoning.workedByDealAlone],
    ['  handed back all the same', reckoning.handedBackThoughWorked],
    ['never worked by sales', reckoning.neverWorked],
    ['  handed back to marketing', reckoning.handedBack],
    ['won', outcomes.won],
    ['lost', outcomes.lost],
    ['still open with sales', outcomes.withSales],
    ['in nurture', outcomes.nurture],
    ['declined', outcomes.declined],
    ['unaccounted for', unaccounted],
  ];
  const verdict =
    unaccounted === 0
      ? paint.green(`All ${leads} leads are accounted for.`)
      : paint.red([`${unaccounted} unaccounted for:`, ...shortened(differences)].join('\n'));
  return [
    table(
      ['what', 'count'],
      rows.map(([what, count]) => [what, String(count)]),
      paint,
    ),
    '',
    verdict,
    paint.dim(`${reckoning.events} events in ${(wallMs / 1000).toFixed(1)} s; nothing was sent.`),
  ].join('\n');
}

const MOST_NAMED = 20;

function shortened(differences: readonly string[]): string[] {
  const named = differences.slice(0, MOST_NAMED).map((one) => wrap(one, 80, '  '));
  const more = differences.length - named.length;
  return more > 0 ? [...named, `  and ${more} more (--json lists all)`] : named;
}
