import { resolve } from 'node:path';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { Temporal } from 'temporal-polyfill';
import { type Answer, answering } from '#cli/answer.ts';
import { moment } from '#cli/moment.ts';
import { table } from '#cli/table.ts';
import type { Paint } from '#cli/terminal.ts';
import { FAULTS, FaultOrder, type ListedFault } from './faults.ts';
import { sandboxCall } from './note.ts';

interface Place {
  readonly data: string;
}

interface Wanted extends Place {
  readonly path?: string;
  readonly times?: number;
  readonly chance?: number;
  readonly for?: number;
}

/** `baton sandbox fault`: has a make-believe vendor fail. */
export function faultCommand(): Command {
  const kinds = Object.entries(FAULTS).map(([name, says]) => `  ${name.padEnd(12)} ${says}`);
  return new Command('fault')
    .summary('let something go wrong at a make-believe vendor')
    .description('Lets something go wrong at a make-believe vendor, until it is cleared.')
    .argument('<connection>', 'whose vendor: salesforce, hubspot, marketo, slack, enrichment')
    .addArgument(new Argument('<fault>', 'what').choices(Object.keys(FAULTS)))
    .option('--path <part>', 'only calls with this in their path')
    .option('--times <number>', 'so often at most', positive)
    .option('--chance <share>', 'of how many calls, from 0 to 1', share)
    .option('--for <duration>', 'how long, such as PT1H', span)
    .option('--data <folder>', 'the data folder of the hub', '.baton')
    .addHelpText(
      'after',
      `\nFaults:\n${kinds.join('\n')}\n\nExample:\n  $ baton sandbox fault hubspot outage --for PT1H\n`,
    )
    .action(answering(add));
}

/** `baton sandbox faults`: what is wrong on purpose, and an end to it. */
export function faultsCommand(): Command {
  return new Command('faults')
    .summary('list what goes wrong on purpose, or end it')
    .description('Lists what goes wrong at the make-believe vendors on purpose.')
    .option('--clear [connection]', 'end it, at one vendor or at all')
    .option('--data <folder>', 'the data folder of the hub', '.baton')
    .addHelpText('after', '\nExample:\n  $ baton sandbox faults --clear hubspot\n')
    .action(answering(listOrClear));
}

async function add(connection: string, fault: string, wanted: Wanted): Promise<Answer> {
  const { path, times, chance, for: forMs } = wanted;
  const order = FaultOrder.parse({ connection, fault, path, times, chance, forMs });
  return answerOf(await sandboxCall(resolve(wanted.data), 'POST', '/faults', order));
}

async function listOrClear(options: Place & { clear?: string | true }): Promise<Answer> {
  const folder = resolve(options.data);
  const { clear } = options;
  if (clear === undefined) return answerOf(await sandboxCall(folder, 'GET', '/faults'));
  const which = clear === true ? {} : { connection: clear };
  return answerOf(await sandboxCall(folder, 'POST', '/faults/clear', which));
}

function answerOf(answer: unknown): Answer {
  const faults = answer as ListedFault[];
  return { json: { faults }, text: (paint) => renderFaults(faults, paint) };
}

function renderFaults(faults: readonly ListedFault[], paint: Paint): string {
  if (faults.length === 0) return 'Nothing goes wrong on purpose.';
  const rows = faults.map(({ connection, fault, path = '', times, chance, until }) => [
    connection,
    paint.yellow(fault),
    path,
    times === undefined ? '' : `${times} times`,
    chance === undefined ? '' : `${Math.round(chance * 100)} %`,
    until === undefined ? 'until cleared' : `until ${moment(until)}`,
  ]);
  return table(['CONNECTION', 'FAULT', 'PATH', 'AT MOST', 'CHANCE', ''], rows, paint);
}

function positive(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('It takes a whole number above 0.');
}

function share(text: string): number {
  const number = Number(text);
  if (text !== '' && number >= 0 && number <= 1) return number;
  throw new InvalidArgumentError('It takes a number from 0 to 1.');
}

function span(text: string): number {
  try {
    const length = Temporal.Duration.from(text).total('milliseconds');
    if (length > 0) return length;
  } catch {
    // Told below: it is no duration, or one in months, whose length nobody knows.
  }
  throw new InvalidArgumentError('It takes a span of time, such as PT1H or P2D.');
}
