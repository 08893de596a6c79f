import { Command, InvalidArgumentError, Option } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import { type ClockProgress, lasting, timesOf } from '#cli/lead/clock-progress.ts';
import { leadName, ownerName } from '#cli/lead/names.ts';
import { fromNow } from '#cli/moment.ts';
import type { PlaybookOptions } from '#cli/playbook.ts';
import { fromStore, type StoreOptions } from '#cli/store/open-store.ts';
import { table } from '#cli/table.ts';
import { counted, type Paint } from '#cli/terminal.ts';
import { Handoff, handoffId, handoffKey } from '#core/records/handoff.ts';
import { Person, Standing } from '#core/records/person.ts';
import { read } from '#core/records/store.ts';
import type { StoreReader } from '#platform/embedded/reader.ts';

interface LeadsOptions extends StoreOptions, PlaybookOptions {
  readonly owner?: string;
  readonly standing?: Standing;
  readonly limit: number;
}

/** `baton leads`: who owns which lead, and what is to be done next. */
export function leadsCommand(): Command {
  return new Command('leads')
    .summary('list leads by what is to be done next')
    .description(
      'Lists leads, the one with the earliest next action first. Contacts who never were a lead are left out unless asked for.',
    )
    .option('--owner <text>', 'only of owners with this in their address, track or queue')
    .addOption(
      new Option('--standing <standing>', 'only of this standing').choices(Standing.options),
    )
    .option('--limit <number>', 'at most so many', wholeNumber, 50)
    .option('--data <folder>', "the hub's folder", '.baton')
    .option('--config <file>', 'the configuration (default: baton.json)')
    .option('--playbook <folder>', 'the playbook (default: of baton.json, else the shipped one)')
    .addHelpText('after', '\nExample:\n  $ baton leads --owner anna.keller --standing with-sales\n')
    .action(answering(leads));
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('It takes a whole number above 0.');
}

function leads(options: LeadsOptions): Promise<Answer> {
  return fromStore(options, async (store) => {
    const found = selected(store, options);
    const listed = found.slice(0, options.limit);
    const clocks = await clocksOf(store, listed, options);
    return {
      json: {
        total: found.length,
        leads: listed.map((lead) => ({ ...summaryOf(lead), clock: clocks[lead.id] })),
      },
      text: (paint) => renderLeads(listed, found.length, store.now(), paint, clocks),
    };
  });
}

type Clocks = Readonly<Record<string, ClockProgress | undefined>>;

/** How the clocks of those run who are with sales, by the leads' ids. */
async function clocksOf(
  { records, now }: StoreReader,
  leads: readonly Person[],
  options: PlaybookOptions & StoreOptions,
): Promise<Clocks> {
  const withSales = leads.filter(({ standing, cycle }) => standing === 'with-sales' && cycle > 0);
  const handoffs = await Promise.all(
    withSales.map(async ({ id, cycle }) => {
      const stored = await read(records, Handoff, handoffKey(handoffId(id, cycle)));
      return stored?.data;
    }),
  );
  const known = handoffs.filter((handoff) => handoff !== undefined);
  const times = await timesOf(options, known, now());
  return Object.fromEntries(known.map(({ id, personId }) => [personId, times[id]?.progress]));
}

function selected(store: StoreReader, { owner, standing }: LeadsOptions): Person[] {
  return store
    .items('person')
    .map(({ data }) => Person.parse(data))
    .filter((lead) =>
      standing === undefined ? lead.standing !== 'contact' : lead.standing === standing,
    )
    .filter((lead) => owner === undefined || includes(ownerName(lead.owner), owner))
    .sort((one, other) => one.nextAction.at.localeCompare(other.nextAction.at));
}

const includes = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase());

function summaryOf({ id, facts, standing, owner, nextAction }: Person) {
  const { email, company } = facts;
  return { id, name: leadName({ id, facts }), email, company, standing, owner, nextAction };
}

/** The table, with what is late in red. */
export function renderLeads(
  leads: readonly Person[],
  total: number,
  now: Date,
  paint: Paint,
  clocks: Clocks = {},
): string {
  if (leads.length === 0) return 'No lead is here, or none of that owner and standing.';
  const rows = leads.map((lead) => {
    const due = fromNow(lead.nextAction.at, now);
    return [
      // What `baton show` takes; it says the name and the company.
      lead.facts.email ?? lead.id,
      lead.standing,
      // All salespeople share what follows the @.
      ownerName(lead.owner).replace(/@.*/, ''),
      lead.nextAction.what,
      due.endsWith('late') ? paint.red(due) : `${due}${leftOf(clocks[lead.id])}`,
    ];
  });
  const more = total > leads.length ? `, ${total - leads.length} more with --limit` : '';
  return [
    table(['lead', 'standing', 'owner', 'next action', 'due'], rows, paint, 0),
    paint.dim(`${counted(leads.length, 'lead')}${more}`),
  ].join('\n');
}

/** What is left as the clock counts, which at night and at weekends is less than until it is due. */
const leftOf = (clock: ClockProgress | undefined): string =>
  clock === undefined || clock.plain ? '' : ` (${lasting(clock.remainingMinutes * 60_000)})`;
