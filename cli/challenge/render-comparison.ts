import { moment } from '#cli/moment.ts';
import { table } from '#cli/table.ts';
import { counted, type Paint, wrap } from '#cli/terminal.ts';
import type { Compared, Comparison, Precision } from '#core/scoring/compare-models.ts';

/** More leads than these are for the JSON. */
const MOST_LEADS = 8;

type Named = (person: string) => string;

/** How alike two models rate, how right each is, and where they part. */
export function renderComparison(of: Comparison, nameOf: Named, paint: Paint): string {
  const { leads, alike, champion, challenger } = of;
  const share = leads === 0 ? 0 : Math.round((100 * alike) / leads);
  return [
    paint.bold(`${champion.model} and ${challenger.model} on ${counted(leads, 'rating')}`),
    `${alike} alike (${share} %), in rating and lane`,
    '',
    paint.bold('Lanes') + paint.dim(`, ${champion.model} down, ${challenger.model} across`),
    lanesTable(of, paint),
    '',
    paint.bold('Would hand over') + paint.dim(', and what became of those that sales had'),
    precisionTable([champion, challenger], paint),
    ...[champion, challenger].flatMap((one) => renderReasons(one, paint)),
    ...renderAlone(champion.model, of.onlyChampion, nameOf, paint),
    ...renderAlone(challenger.model, of.onlyChallenger, nameOf, paint),
  ].join('\n');
}

function lanesTable({ lanes }: Comparison, paint: Paint): string {
  const down = [...new Set(lanes.map(({ champion }) => champion))];
  const across = [...new Set(lanes.map(({ challenger }) => challenger))].sort();
  const count = (one: string, other: string) =>
    lanes.find(({ champion, challenger }) => champion === one && challenger === other)?.leads ?? 0;
  const rows = down.map((one) => [one, ...across.map((other) => String(count(one, other)))]);
  return table(['', ...across], rows, paint);
}

function precisionTable(models: readonly Precision[], paint: Paint): string {
  const rows = models.map((one) => [
    one.model,
    ...[one.handsOver, one.had, one.accepted, one.rejected, one.won, one.lost].map(String),
    one.precision === undefined ? 'unknown' : `${Math.round(100 * one.precision)} %`,
  ]);
  const headings = ['model', 'leads', 'had', 'accepted', 'came back', 'won', 'lost', 'precision'];
  return table(headings, rows, paint);
}

function renderReasons({ model, reasons }: Precision, paint: Paint): string[] {
  if (reasons.length === 0) return [];
  const words = reasons.map(({ reason, leads }) => `${reason} ${leads}`).join(', ');
  return [wrap(`  ${paint.dim(`${model} came back:`)} ${words}`, 80, '    ')];
}

function renderAlone(model: string, leads: readonly Compared[], nameOf: Named, paint: Paint) {
  if (leads.length === 0) return [];
  const rows = leads
    .slice(-MOST_LEADS)
    .map(({ person, at, rated, outcome }) => [
      nameOf(person),
      moment(at),
      `${rated.rating} ${rated.grade}`,
      `${rated.challenger.rating} ${rated.challenger.grade}`,
      becameOf(outcome),
    ]);
  const more = leads.length - rows.length;
  return [
    '',
    `${paint.bold(`Only ${model} would hand over`)} ${counted(leads.length, 'lead')}`,
    table(['lead', 'rated', 'champion', 'challenger', 'became'], rows, paint),
    ...(more === 0 ? [] : [paint.dim(`and ${more} before them`)]),
  ];
}

function becameOf(outcome: Compared['outcome']): string {
  if (outcome === undefined) return 'not with sales';
  const { accepted, reason, closed } = outcome;
  return closed ?? reason ?? (accepted ? 'accepted' : 'open');
}
