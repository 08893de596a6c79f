import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { journalDigest } from '#cli/store/journal.ts';
import { openPlaybook } from '../playbook.ts';
import { audit, type WeekReport } from './audit.ts';
import { WORKING_WEEK_DAYS } from './buyers.ts';
import { auditFaults, endedWell, type FaultsReport } from './faults/audit.ts';
import { drawFaults } from './faults/render.ts';
import { type PlayedWeek, type Progress, playWeek } from './play.ts';
import { scoreboard } from './scoreboard.ts';
import { tellStory } from './story.ts';

interface WeekFlags {
  readonly seed: string;
  readonly leads: number;
  readonly days: number;
  readonly journal?: string;
  readonly playbook?: string;
  readonly faults?: boolean;
  readonly json?: boolean;
}

/** `baton week`: one working week at a company, or more of them, played in seconds or minutes. */
export function weekCommand(): Command {
  return new Command('week')
    .description(
      'play one working week at a company: leads from everywhere, keen, slow and absent salespeople',
    )
    .option('--seed <seed>', 'the same seed gives the same week', '1')
    .option('--leads <count>', 'how many leads come', upTo(50_000), 200)
    .option('--days <count>', 'how many days, from a Monday on', upTo(365), WORKING_WEEK_DAYS)
    .option('--journal <file>', 'write down everything that the hub did, a line of JSON each')
    .option('--playbook <folder>', 'the playbook to play by; the shipped one by default')
    .option('--faults', 'have everything go wrong at every vendor, at times that the seed draws')
    .option('--json', 'print one object with the numbers as last line')
    .addHelpText(
      'after',
      '\nExample:\n  $ baton week --seed 7 --leads 300\n  $ baton week --days 90 --leads 5000\n  $ baton week --faults --leads 40\n',
    )
    .action(play);
}

async function play(flags: WeekFlags): Promise<void> {
  const started = performance.now();
  const playbook = await openPlaybook(flags);
  const quiet = flags.json === true;
  if (!quiet) console.log(INTRODUCTION);
  const live = process.stdout.isTTY && !quiet;
  const week = await playWeek({
    seed: flags.seed,
    leads: flags.leads,
    days: flags.days,
    playbook,
    faults: flags.faults === true,
    onProgress: quiet ? undefined : progress(live, flags.days),
  });
  try {
    const journal = journalWanted(week, flags);
    const report = await audit(week);
    const faults = flags.faults === true ? await auditFaults(week) : undefined;
    const told = { report, faults, journal, wallMs: Math.round(performance.now() - started) };
    if (quiet) console.log(asJson(told));
    else {
      if (live) process.stdout.write('\r\u001b[2K');
      await print(week, flags, told);
    }
    const isWell = faults === undefined || endedWell(faults);
    if (report.unaccounted > 0 || !isWell) process.exitCode = 1;
  } finally {
    await week.close();
  }
}

interface Told {
  readonly report: WeekReport;
  readonly faults: FaultsReport | undefined;
  readonly journal: string | undefined;
  readonly wallMs: number;
}

function asJson({ report, faults, journal, wallMs }: Told): string {
  const { differences, ...numbers } = report;
  const named = differences.length > 0 ? { differences } : {};
  return JSON.stringify({ ...numbers, ...named, ...(faults && { faults }), journal, wallMs });
}

async function print(week: PlayedWeek, flags: WeekFlags, told: Told): Promise<void> {
  const { report, faults, journal, wallMs } = told;
  console.log(`\n${scoreboard(report, flags.days, wallMs)}`);
  if (faults !== undefined) console.log(`\n${drawFaults(faults)}`);
  if (journal !== undefined) console.log(pc.dim(`Journal in ${flags.journal}: ${journal}`));
  await printStory(week);
  console.log(NEXT);
}

async function printStory(week: PlayedWeek): Promise<void> {
  const story = await tellStory(week);
  if (story !== undefined)
    console.log(`\n${pc.bold('The story of one lead')}\n${story.join('\n')}`);
}

const INTRODUCTION = [
  pc.bold(
    'One week at Northwind: marketing makes leads, Baton hands them to sales and takes back what sales leaves.',
  ),
  pc.dim(
    'Marketo, HubSpot, Salesforce, Slack and the mailbox are stand-ins on this machine; the hub is the real one.',
  ),
].join('\n');

const NEXT = `\n${pc.dim('Next: `npx baton up --sandbox` serves it for real, `npx baton check` reads your playbook.')}`;

/** The digest of what the hub wrote down, for programs and for whoever wants the file. */
function journalWanted({ embedded }: PlayedWeek, flags: WeekFlags): string | undefined {
  if (flags.json !== true && flags.journal === undefined) return undefined;
  return `sha256:${journalDigest(embedded.db, flags.journal)}`;
}

const DAY = new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'UTC' });
const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** One line that moves on a terminal; a line a day elsewhere, or a line a week of many. */
function progress(live: boolean, days: number): (progress: Progress) => void {
  const short = days <= 7;
  let said = -1;
  let drawnAt = 0;
  return ({ now, share, leads, waiting }) => {
    const day = Math.floor(share * days);
    const period = short ? day : Math.floor(day / 7);
    if (live ? performance.now() - drawnAt < 80 : period === said) return;
    said = period;
    drawnAt = performance.now();
    const date = short ? DAY.format(now).padEnd(9) : DATE.format(now).padEnd(6);
    const bar = '█'.repeat(Math.round(24 * Math.min(1, share))).padEnd(24, '░');
    const text = `${date} ${now.toISOString().slice(11, 16)} ${bar} ${String(leads).padStart(3)} leads, ${waiting()} timers running`;
    process.stdout.write(live ? `\r\u001b[2K${text}` : `${text}\n`);
  };
}

function upTo(most: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (Number.isInteger(count) && count > 0 && count <= most) return count;
    throw new InvalidArgumentError(`Give a whole number from 1 to ${most}.`);
  };
}
