import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import type { EmbeddedHub } from '#platform/embedded/hub.ts';
import { openPlaybook } from '../playbook.ts';
import { audit } from './audit.ts';
import { MONDAY, playWeek } from './play.ts';
import { scoreboard } from './scoreboard.ts';
import { tellStory } from './story.ts';

interface WeekFlags {
  readonly seed: string;
  readonly leads: number;
  readonly playbook?: string;
  readonly json?: boolean;
}

/** `baton week`: one working week at a company, played in seconds. */
export function weekCommand(): Command {
  return new Command('week')
    .description(
      'play one working week at a company: leads from everywhere, keen, slow and absent salespeople',
    )
    .option('--seed <seed>', 'the same seed gives the same week', '1')
    .option('--leads <count>', 'how many leads come', wholeNumber, 200)
    .option('--playbook <folder>', 'the playbook to play by; the shipped one by default')
    .option('--json', 'print one object with the numbers as last line')
    .addHelpText('after', '\nExample:\n  $ baton week --seed 7 --leads 300')
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
    playbook,
    onProgress: quiet ? undefined : progress(live),
  });
  try {
    const report = await audit(week);
    const wallMs = Math.round(performance.now() - started);
    if (quiet) {
      const { differences: _named, ...numbers } = report;
      console.log(JSON.stringify({ ...numbers, wallMs }));
    } else {
      if (live) process.stdout.write('\r\u001b[2K');
      console.log(`\n${scoreboard(report, wallMs)}`);
      const story = await tellStory(week);
      if (story !== undefined)
        console.log(`\n${pc.bold('The story of one lead')}\n${story.join('\n')}`);
      console.log(NEXT);
    }
    if (report.unaccounted > 0) process.exitCode = 1;
  } finally {
    await week.close();
  }
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

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const WEEK_MS = 5 * 86_400_000;

/** One line that moves on a terminal; a line a day elsewhere. */
function progress(live: boolean): (now: Date, embedded: EmbeddedHub) => void {
  let day = -1;
  let drawnAt = 0;
  return (now, { db, jobs }) => {
    const newDay = now.getUTCDay() !== day;
    if (live ? performance.now() - drawnAt < 80 : !newDay) return;
    day = now.getUTCDay();
    drawnAt = performance.now();
    const { people } = db.sql
      .prepare("select count(*) as people from items where type = 'run-lock'")
      .get() as { people: number };
    const share = Math.min(1, (now.getTime() - MONDAY.getTime()) / WEEK_MS);
    const bar = '█'.repeat(Math.round(24 * share)).padEnd(24, '░');
    const text = `${(DAYS[day] ?? '').padEnd(9)} ${now.toISOString().slice(11, 16)} ${bar} ${String(people).padStart(3)} leads, ${jobs.count(now.getTime()).open} timers running`;
    process.stdout.write(live ? `\r\u001b[2K${text}` : `${text}\n`);
  };
}

function wholeNumber(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0 && count <= 5000) return count;
  throw new InvalidArgumentError('Give a whole number from 1 to 5000.');
}
