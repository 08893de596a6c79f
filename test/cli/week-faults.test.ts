import { audit } from '#cli/week/audit.ts';
import { auditFaults } from '#cli/week/faults/audit.ts';
import { drawFaults } from '#cli/week/faults/render.ts';
import { plannedFaults } from '#cli/week/faults/script.ts';
import { playWeek } from '#cli/week/play.ts';
import { connectors } from '#connectors/index.ts';
import { loadPlaybook } from '#workflows/language/load-playbook.ts';

const LEADS = 25;
const DAYS = 3;
/** What the script has go wrong; scopes, subscriptions and clocks are for those who try the doctor. */
const ALL = [
  ...['duplicate', 'disorder', 'late', 'miss', 'throttle', 'quota', 'token', 'partial'],
  ...['lost-answer', 'outage', 'stage', 'drift'],
];

test('a time in which everything goes wrong loses nothing, doubles nothing and leaves nothing stuck', async () => {
  expect(new Set(plannedFaults().map(({ fault }) => fault))).toEqual(new Set(ALL));
  const playbook = await loadPlaybook('workflows/definitions', { connectors });
  const week = await playWeek({ seed: '3', leads: LEADS, days: DAYS, playbook, faults: true });
  try {
    const report = await audit(week);
    expect(report.differences).toEqual([]);
    expect(report.leads).toBe(LEADS);
    const faults = await auditFaults(week);
    expect(faults).toMatchObject({ unstruck: [], doubled: [], stuck: [] });
    // Each vendor had its share, and ops were told of fields that were gone.
    for (const connection of ['salesforce', 'hubspot', 'marketo', 'slack', 'enrichment', 'website'])
      expect(Object.keys(faults.struck[connection] ?? {}).length).toBeGreaterThan(2);
    expect(faults.ops.gapsTold).toBeGreaterThan(0);
    expect(drawFaults(faults)).toContain('Nothing doubled');
  } finally {
    await week.close();
  }
}, 300_000);
