import { exactMoment, fromNow, moment } from '#cli/moment.ts';
import { type Paint, wrap } from '#cli/terminal.ts';
import type { ClockRecord, Handoff } from '#core/records/handoff.ts';
import type { LogEntry } from '#core/records/log-entry.ts';
import type { Person } from '#core/records/person.ts';
import { lasting, progressInWords, type timesOf } from './clock-progress.ts';
import { describeReturn } from './describe-return.ts';
import { factsTold } from './facts-told.ts';
import { leadName, ownerName } from './names.ts';
import { reasonsOf } from './reasons.ts';

interface Story {
  readonly person: Person;
  readonly handoffs: readonly Handoff[];
  readonly timeline: readonly LogEntry[];
  readonly times?: Awaited<ReturnType<typeof timesOf>> | undefined;
}

/** A lead on one page: where it stands, then how it came there. */
export function renderLead(
  { person, handoffs, timeline, times = {} }: Story,
  now: Date,
  paint: Paint,
): string {
  const { facts, nextAction, capture } = person;
  const heading = [leadName(person), facts.title, facts.company].filter(Boolean).join(', ');
  const row = (name: string, text: string) =>
    `${paint.dim(name.padEnd(13))}${wrap(text, 80, ' '.repeat(13)).trimStart()}`;
  const late = nextAction.at < now.toISOString();
  const due = `${nextAction.what}, by ${moment(nextAction.at)} (${fromNow(nextAction.at, now)})`;
  return [
    paint.bold(heading),
    row('known as', [facts.email, person.id].filter(Boolean).join(', ')),
    ...factsTold(person, now).map((line, index) => row(index === 0 ? 'facts' : '', line)),
    ...(person.merged === undefined ? [] : [row('stands for', person.merged.join(', '))]),
    row('standing', `${person.standing}${person.suppressed ? ', not to be contacted' : ''}`),
    row('owner', ownerName(person.owner)),
    row('next action', late ? paint.red(due) : due),
    ...(capture?.need === undefined ? [] : [row('asked', `“${capture.need}”`)]),
    ...describeReturn(person).map(([name, text]) => row(name, text)),
    ...handoffs.map((handoff) => row('hand-off', describeHandoff(handoff, times[handoff.id]))),
    '',
    paint.bold('Timeline') + paint.dim(' (UTC)'),
    ...timeline.map((entry) => renderEntry(entry, paint)),
  ].join('\n');
}

type Times = NonNullable<Story['times']>[string];

function describeHandoff(
  { id, lane, owner, status, reason, clocks }: Handoff,
  times: Times | undefined,
): string {
  const state = `${status}${reason === undefined ? '' : ` (${reason})`}`;
  const left = times?.progress === undefined ? [] : [progressInWords(times.progress)];
  return [
    `${id}: ${lane}, ${owner}, ${state}`,
    ...clocks.map(describeClock),
    ...left,
    ...(times === undefined ? [] : describeTimes(times)),
  ].join('\n');
}

/** The hub's own time and people's, which nobody may blame on each other. */
function describeTimes({ systemMs, humanMs, acted }: Times): string[] {
  const system = systemMs === undefined ? undefined : `system ${lasting(systemMs)}`;
  const human =
    humanMs === undefined
      ? undefined
      : `people ${lasting(humanMs)} of working time${acted ? '' : ', without an answer'}`;
  const both = [system, human].filter((one) => one !== undefined);
  return both.length === 0 ? [] : [both.join('; ')];
}

function describeClock({ clock, deadline, metAt, breachedAt, endedAt }: ClockRecord): string {
  const due = `clock ${clock} until ${moment(deadline)}`;
  if (metAt !== undefined) return `${due}: met ${moment(metAt)}`;
  if (breachedAt !== undefined) return `${due}: breached`;
  return endedAt === undefined ? `${due}: running` : `${due}: stopped ${moment(endedAt)}`;
}

const COLOURS: Readonly<Record<LogEntry['kind'], 'cyan' | 'yellow' | 'green' | 'magenta'>> = {
  event: 'cyan',
  decision: 'yellow',
  effect: 'green',
  clock: 'magenta',
};

const INDENT = ' '.repeat(31);

/** One entry with its time and kind, and its reasons below it. */
function renderEntry(entry: LogEntry, paint: Paint): string {
  const refused = entry.title.startsWith('refused');
  const kind = paint[refused ? 'red' : COLOURS[entry.kind]](entry.kind.padEnd(8));
  const title = wrap(entry.title, 80, INDENT).trimStart();
  const reasons = reasonsOf(entry).map((reason) => paint.dim(wrap(reason, 80, INDENT)));
  return [`${paint.dim(exactMoment(entry.at))}  ${kind}  ${title}`, ...reasons].join('\n');
}
