import { audit, type WeekReport } from '#cli/week/audit.ts';
import { playWeek } from '#cli/week/play.ts';
import { tellStory } from '#cli/week/story.ts';
import { connectors } from '#connectors/index.ts';
import { loadPlaybook } from '#workflows/language/load-playbook.ts';

const LEADS = 18;

async function play(seed: string): Promise<{ report: WeekReport; story: string[] | undefined }> {
  const playbook = await loadPlaybook('workflows/definitions', { connectors });
  const week = await playWeek({ seed, leads: LEADS, playbook });
  try {
    return { report: await audit(week), story: await tellStory(week) };
  } finally {
    await week.close();
  }
}

describe('a working week at a company', () => {
  let first: WeekReport | undefined;

  test('accounts for every lead, the same way each time, and tells of one that came back', async () => {
    const { report, story } = await play('4');
    first = report;
    expect(report.differences).toEqual([]);
    const { with_sales, nurture, declined, won, lost } = report.outcomes;
    expect(report.leads).toBe(LEADS);
    expect(with_sales + nurture + declined + won + lost).toBe(LEADS);
    for (const count of [
      report.handedBack,
      report.reassigned,
      report.alerts.slack,
      report.alerts.email,
    ]) {
      expect(count).toBeGreaterThan(0);
    }
    expect(report.clocks.met + report.clocks.breached).toBeLessThanOrEqual(report.clocks.opened);
    expect(report.duplicatesIgnored).toBeGreaterThan(0);
    expect(report.quarantined).toBe(2);
    for (const part of ['breach', 'given to', 'handed back to marketing']) {
      expect(story?.some((line) => line.includes(part))).toBe(true);
    }
    expect(await play('4')).toEqual({ report, story });
  }, 90_000);

  test('is another one under another seed', async () => {
    const { report } = await play('5');
    expect(report.differences).toEqual([]);
    expect(report.outcomes).not.toEqual(first?.outcomes);
  }, 90_000);
});
