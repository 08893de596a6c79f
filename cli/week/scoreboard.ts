import pc from 'picocolors';
import { lasting } from '#cli/lead/clock-progress.ts';
import { table } from '#cli/table.ts';
import type { WeekReport } from './audit.ts';
import { WORKING_WEEK_DAYS } from './buyers.ts';

/** The week, or more days, on one screen. */
export function scoreboard(report: WeekReport, days: number, wallMs: number): string {
  const { leads, outcomes, clocks, alerts } = report;
  const share = (count: number) =>
    pc.dim(`${leads === 0 ? 0 : Math.round((100 * count) / leads)} %`);
  const bar = (count: number) => '█'.repeat(Math.round((30 * count) / Math.max(1, leads)));
  const rows: [string, number, (text: string) => string][] = [
    ['with sales', outcomes.with_sales, pc.green],
    ['in nurture', outcomes.nurture, pc.cyan],
    ['declined', outcomes.declined, pc.dim],
    ['won', outcomes.won, pc.green],
    ['lost', outcomes.lost, pc.red],
  ];
  const drawn = rows.map(([name, count, colour]) => [
    name,
    String(count),
    share(count),
    colour(bar(count)),
  ]);
  const met = clocks.opened === 0 ? 0 : Math.round((100 * clocks.met) / clocks.opened);
  return [
    table(['where the leads are', 'leads', 'share', ''], drawn, pc),
    '',
    `Clocks    ${clocks.opened} opened, ${pc.green(`${clocks.met} met`)} (${met} %), ${pc.red(`${clocks.breached} breached`)}`,
    ...timesOf(report),
    `Ladder    ${report.reassigned} passed on to a colleague, ${report.handedBack} handed back to marketing`,
    `Alerts    ${alerts.slack} in Slack, ${alerts.email} by e-mail`,
    `Noise     ${report.duplicatesIgnored} duplicates ignored, ${report.quarantined} kept in quarantine`,
    report.unaccounted === 0
      ? pc.green(
          `All ${leads} leads are accounted for: the hub, the CRMs and the nurture lists agree.`,
        )
      : pc.red([`${report.unaccounted} unaccounted for:`, ...report.differences].join('\n  ')),
    pc.dim(
      `${days === WORKING_WEEK_DAYS ? 'One week' : `${days} days`} in ${(wallMs / 1000).toFixed(1)} s.`,
    ),
  ].join('\n');
}

/** The system's time and people's, told apart. */
function timesOf({ times: { systemMs, humanMs } }: WeekReport): string[] {
  if (systemMs === null || humanMs === null) return [];
  const system = `${lasting(systemMs)} until an owner was told`;
  return [`Times     ${system}, then ${lasting(humanMs)} of their working time (medians)`];
}
