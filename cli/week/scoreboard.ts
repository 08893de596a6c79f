import Table from 'cli-table3';
import pc from 'picocolors';
import type { WeekReport } from './audit.ts';

const PLAIN = { head: [], border: [] };

/** The week on one screen. */
export function scoreboard(report: WeekReport, wallMs: number): string {
  const { leads, outcomes, clocks, alerts } = report;
  const share = (count: number) =>
    pc.dim(`${leads === 0 ? 0 : Math.round((100 * count) / leads)} %`);
  const bar = (count: number) => '█'.repeat(Math.round((30 * count) / Math.max(1, leads)));
  const table = new Table({
    head: ['where the leads are', '', '', ''],
    style: PLAIN,
    colWidths: [24, 6, 8, 36],
  });
  const rows: [string, number, (text: string) => string][] = [
    ['with sales', outcomes.with_sales, pc.green],
    ['in nurture', outcomes.nurture, pc.cyan],
    ['declined', outcomes.declined, pc.dim],
    ['won', outcomes.won, pc.green],
    ['lost', outcomes.lost, pc.red],
  ];
  for (const [name, count, colour] of rows)
    table.push([name, String(count), share(count), colour(bar(count))]);
  const met = clocks.opened === 0 ? 0 : Math.round((100 * clocks.met) / clocks.opened);
  return [
    table.toString(),
    `Clocks    ${clocks.opened} opened, ${pc.green(`${clocks.met} met`)} (${met} %), ${pc.red(`${clocks.breached} breached`)}`,
    `Ladder    ${report.reassigned} passed on to a colleague, ${report.handedBack} handed back to marketing`,
    `Alerts    ${alerts.slack} in Slack, ${alerts.email} by e-mail`,
    `Noise     ${report.duplicatesIgnored} duplicates ignored, ${report.quarantined} kept in quarantine`,
    report.unaccounted === 0
      ? pc.green(
          `All ${leads} leads are accounted for: the hub, the CRMs and the nurture lists agree.`,
        )
      : pc.red([`${report.unaccounted} unaccounted for:`, ...report.differences].join('\n  ')),
    pc.dim(`One week in ${(wallMs / 1000).toFixed(1)} s.`),
  ].join('\n');
}
