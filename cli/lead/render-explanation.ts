import { moment } from '#cli/moment.ts';
import { type Paint, wrap } from '#cli/terminal.ts';
import { renderMatch } from './explain-match.ts';
import type { ExplainedPoint, Explanation } from './explanation.ts';
import { leadName, ownerName } from './names.ts';
import { round } from './reasons.ts';
import { renderNearest } from './render-nearest.ts';
import { row } from './row.ts';

/** The rating with its points, fit and engagement apart; then the owner with the rule that chose. */
export function renderExplanation(explanation: Explanation, paint: Paint): string {
  const { person, today, points } = explanation;
  const company = person.facts.company === undefined ? '' : ` (${person.facts.company})`;
  const axis = (wanted: 'fit' | 'engagement') => points.filter((one) => one.axis === wanted);
  return [
    paint.bold(`${leadName(person)}${company}`),
    ...explanation.merges.map((one) => row('merges', one, paint)),
    ...renderRating(explanation, paint),
    ...renderChallenger(explanation, paint),
    ...renderAgreement(explanation, paint),
    '',
    `${paint.bold('Fit')} ${today.fit} of 100${paint.dim(`, with ${today.fitKnown} % of what counts known`)}`,
    ...renderPoints(axis('fit'), paint),
    '',
    `${paint.bold('Engagement')} ${today.engagement} of 100${paint.dim(', as of now: touches fade')}`,
    ...renderPoints(axis('engagement'), paint),
    ...renderLeftOut(explanation, paint),
    ...renderAccount(explanation, paint),
    ...renderMatch(explanation.matched, paint),
    '',
    ...renderNearest(explanation.toA1, paint),
    '',
    `${paint.bold('Owner')} ${ownerName(person.owner)}`,
    ...renderRouting(explanation, paint),
    '',
    ...renderLease(explanation, paint),
  ].join('\n');
}

function renderRating({ today, model, rated, playbook }: Explanation, paint: Paint): string[] {
  const { rating, grade, lane, disqualifiedBy, disqualifiedBecause } = today;
  const lines = [
    row('now', `${paint.bold(rating)}, grade ${grade}, lane ${lane} (model ${model})`, paint),
  ];
  if (disqualifiedBy !== undefined) {
    lines.push(row('excluded', `${disqualifiedBy}: ${disqualifiedBecause ?? ''}`, paint));
  }
  if (rated === undefined) return [...lines, row('then', 'never rated by a workflow', paint)];
  const changed = rated.playbook === playbook ? '' : ', under another playbook';
  const then = `${rated.rating}, grade ${rated.grade}, lane ${rated.lane} on ${moment(rated.at)}${changed}`;
  return [...lines, row('then', then, paint)];
}

/** What the model says that only looks on, then and now. */
function renderChallenger({ rated, challenger }: Explanation, paint: Paint): string[] {
  if (rated?.challenger === undefined) return [];
  const { model, ...then } = rated.challenger;
  const words = ({ rating, grade, lane }: typeof then) => `${rating}, grade ${grade}, lane ${lane}`;
  const now = challenger === undefined ? 'gone from the playbook now' : `now ${words(challenger)}`;
  return [row('challenger', `${model} said ${words(then)}; ${now}. It decides nothing.`, paint)];
}

/** By which version of the agreement the lead was let through, or why not. */
function renderAgreement({ judged }: Explanation, paint: Paint): string[] {
  if (judged === undefined) return [];
  const { agreement, passed, failed, at } = judged;
  const met = passed.length === 0 ? 'no clause is about its lane' : `meets ${passed.join(', ')}`;
  const title = `${agreement.slice(0, 12)}, ${moment(at)}: ${failed.length === 0 ? `sales-ready, ${met}` : 'not sales-ready'}`;
  return [
    row('agreement', title, paint),
    ...failed.map(({ clause, text }) => row('fails', `${clause}: ${text}`, paint)),
  ];
}

/** More lines than these say nothing more. */
const MOST_LEFT_OUT = 5;

/** What earned nothing because no person did it: the latest of it. */
function renderLeftOut({ leftOut }: Explanation, paint: Paint): string[] {
  const shown = leftOut.slice(-MOST_LEFT_OUT).toReversed();
  const more = leftOut.length - shown.length;
  return [
    ...shown.map(({ touch, because }) => row('left out', `${nameOf(touch)}: ${because}`, paint)),
    ...(more === 0 ? [] : [row('', `and ${more} more`, paint)]),
  ];
}

const nameOf = (touch: ExplainedPoint['touch']): string =>
  touch === undefined
    ? 'a touch'
    : `${touch.name} (${touch.kind.replaceAll('-', ' ')}, ${moment(touch.at)})`;

function renderAccount({ account }: Explanation, paint: Paint): string[] {
  if (account === undefined || account.people < 2) return [];
  const points = `${round(account.points)} points, before caps`;
  return [row('account', `${account.people} people of it did what is worth ${points}`, paint)];
}

function renderPoints(points: readonly ExplainedPoint[], paint: Paint): string[] {
  if (points.length === 0) return [paint.dim('  nothing')];
  const width = Math.max(...points.map(({ rule }) => rule.length));
  return points
    .toSorted((one, other) => other.points - one.points)
    .map((point) => {
      const worth = `${point.points < 0 ? '' : '+'}${round(point.points)}`.padStart(7);
      const indent = ' '.repeat(width + 11);
      const why = wrap(whyOf(point), 80, indent).trimStart();
      return `${paint[point.points < 0 ? 'red' : 'green'](worth)}  ${paint.dim(point.rule.padEnd(width))}  ${why}`;
    });
}

function whyOf({ because, touch }: ExplainedPoint): string {
  if (touch === undefined) return because;
  const name = because.startsWith(touch.name) ? '' : `: ${touch.name}`;
  return `${because}${name} (${touch.kind.replaceAll('-', ' ')}, ${moment(touch.at)})`;
}

function renderRouting({ routed, playbook }: Explanation, paint: Paint): string[] {
  if (routed === undefined) return [paint.dim('  no route was chosen for this lead')];
  const { rule, because, policy, pool, turn, runnerUp, skipped, owner, queue, at } = routed;
  const changed = routed.playbook === playbook ? '' : ', under another playbook';
  return [
    row('chosen', `${owner ?? `queue ${queue ?? ''}`}, ${moment(at)}${changed}`, paint),
    row('rule', `${rule} of policy ${policy}: ${because}`, paint),
    ...(pool === undefined
      ? []
      : [row('pool', turn === undefined ? pool : `${pool}, ${turn.by}`, paint)]),
    ...inputsIn(routed, paint),
    row('candidates', candidatesOf(routed), paint),
    ...(runnerUp === undefined ? [] : [row('runner-up', runnerUp, paint)]),
    ...skipped.map(({ who, why }) => row('passed over', `${who} ${why}`, paint)),
  ];
}

function renderLease({ lease, hold }: Explanation, paint: Paint): string[] {
  const until = (at: string | undefined) => (at === undefined ? '' : `, until ${moment(at)}`);
  return [
    `${paint.bold('May speak')} ${lease.who}`,
    row('because', `${lease.because}${until(lease.until)}`, paint),
    ...(hold === undefined ? [] : [row('but rests', `${hold.because}${until(hold.until)}`, paint)]),
  ];
}

type Routed = NonNullable<Explanation['routed']>;

/** Each with what their turn weighed, and what they had open where that counted. */
function candidatesOf({ candidates, turn }: Routed): string {
  const words = candidates.map((who) => {
    const weight = turn?.weights[who];
    const open = turn?.open?.[who];
    if (weight === undefined) return who;
    return `${who} (weight ${weight}${open === undefined ? '' : `, ${open} open`})`;
  });
  return words.length === 0 ? 'nobody' : words.join(', ');
}

function inputsIn({ inputs = {}, unplaced = [] }: Routed, paint: Paint): string[] {
  const words = Object.entries(inputs).map(([name, value]) => `${name} ${value}`);
  return [
    ...(words.length === 0 ? [] : [row('known', words.join(', '), paint)]),
    ...(unplaced.length === 0 ? [] : [row('nobody free', `under ${unplaced.join(', ')}`, paint)]),
  ];
}
