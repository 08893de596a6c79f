import { readFile } from 'node:fs/promises';
import { Command, CommanderError } from 'commander';
import { Temporal } from 'temporal-polyfill';
import { type Answer, answering } from '#cli/answer.ts';
import { shown } from '#cli/config.ts';
import type { Paint } from '#cli/terminal.ts';
import {
  addDuration,
  businessMinutesBetween,
  type Calendar,
  calendarOf,
} from '#core/clocks/business-time.ts';
import { CalendarDefinition } from '#core/clocks/calendar.ts';
import { parseDuration } from '#core/clocks/duration.ts';
import { expandHolidays } from '#core/clocks/holidays.ts';
import { HubError } from '#core/errors.ts';
import { readJson } from '#workflows/language/json-document.ts';
import { formatProblem, type Problem } from '#workflows/language/problem.ts';
import { schemaProblems } from '#workflows/language/schema-problems.ts';

interface DueOptions {
  readonly calendar: string;
  readonly from: string;
  readonly add?: string;
  readonly elapsedUntil?: string;
}

/** `baton due`: what a calendar makes of a duration, or of the time between two instants. */
export function dueCommand(): Command {
  return new Command('due')
    .summary('say when something is due by a calendar')
    .description(
      'Adds a duration to an instant in the working hours of a calendar, or counts the working time between two instants. An instant without an offset is local to the calendar.',
    )
    .requiredOption('--calendar <file>', 'the calendar: zone, hours, holidays, absences')
    .requiredOption('--from <instant>', 'where to begin: 2026-11-23T09:00:00-05:00')
    .option('--add <duration>', '"4 business hours", "2 business days", "PT30M"')
    .option('--elapsed-until <instant>', 'count the working time until then')
    .addHelpText(
      'after',
      '\nExample:\n  $ baton due --calendar berlin.json --from 2026-11-27T15:00:00Z \\\n      --add "4 business hours"\n',
    )
    .action(answering(due));
}

async function due(options: DueOptions): Promise<Answer> {
  const { add, elapsedUntil } = options;
  if ((add === undefined) === (elapsedUntil === undefined)) {
    throw new CommanderError(
      2,
      'commander.conflictingOption',
      'Say either what to add (--add "4 business hours") or until when to count (--elapsed-until).',
    );
  }
  const definition = await readCalendar(options.calendar);
  const zone = definition.timeZone;
  const from = instantOf(options.from, zone, '--from');
  const duration = add === undefined ? undefined : parseDuration(add);
  const until =
    elapsedUntil === undefined ? from : instantOf(elapsedUntil, zone, '--elapsed-until');
  const calendar = await ready(definition, [from, until]);
  if (duration === undefined) {
    const elapsedMinutes = businessMinutesBetween(calendar, from, until);
    return { json: { elapsedMinutes }, text: () => inWords(elapsedMinutes) };
  }
  const at = addDuration(calendar, from, duration);
  return { json: { due: at.toISOString() }, text: (paint) => renderDue(at, zone, paint) };
}

/** How far ahead public holidays are looked up: no duration of a clock is longer. */
const YEARS_AHEAD = 4;

async function ready(definition: CalendarDefinition, instants: readonly Date[]): Promise<Calendar> {
  if (definition.holidays.every((holiday) => typeof holiday === 'string'))
    return calendarOf(definition);
  const { publicHolidays } = await import('#workflows/language/public-holidays.ts');
  const years = instants.map((at) => at.getUTCFullYear());
  const span = { from: Math.min(...years) - 1, to: Math.max(...years) + YEARS_AHEAD };
  return calendarOf(expandHolidays(definition, publicHolidays(span)));
}

async function readCalendar(file: string): Promise<CalendarDefinition> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new HubError('config', 'calendar_missing', `There is no calendar in ${shown(file)}.`, {
      cause,
    });
  });
  const { document, problems } = readJson(shown(file), text);
  if (document === undefined) throw unusable(problems);
  const { value } = document;
  const found = schemaProblems(document, { schema: CalendarDefinition, path: [], value });
  if (found.length > 0) throw unusable(found);
  return CalendarDefinition.parse(value);
}

const unusable = (problems: readonly Problem[]) =>
  new HubError('config', 'calendar_unusable', problems.map(formatProblem).join('\n'));

function instantOf(text: string, timeZone: string, option: string): Date {
  try {
    return new Date(Temporal.Instant.from(text).epochMilliseconds);
  } catch {
    return localInstant(text, timeZone, option);
  }
}

function localInstant(text: string, timeZone: string, option: string): Date {
  try {
    const local = Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone);
    return new Date(local.epochMilliseconds);
  } catch (cause) {
    throw new HubError(
      'config',
      'instant_unreadable',
      `${option} must be an instant such as 2026-11-23T09:00:00-05:00 or 2026-11-23T14:00:00Z.`,
      { cause },
    );
  }
}

function renderDue(at: Date, timeZone: string, paint: Paint): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
  const weekday = local.toLocaleString('en-GB', { weekday: 'short' });
  const time = local.toPlainDateTime().toString({ smallestUnit: 'second' }).replace('T', ' ');
  return `${paint.bold(at.toISOString())}\n${weekday} ${time} ${local.offset} ${paint.dim(`(${timeZone})`)}`;
}

const inWords = (minutes: number): string =>
  `${Number(minutes.toFixed(3))} business minutes (${Number((minutes / 60).toFixed(2))} hours)`;
