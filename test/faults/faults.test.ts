import { shippedPlaybook } from '#test/support/shipped-playbook.ts';
import { describeFaults, disturb, type Faults, type Undisturbed } from './faults.ts';
import { playLittleWorld } from './little-world.ts';

/**
 * `npm run faults` tries every point alone, and pairs of them. Here the process ends many times in
 * each world: seldom, so that it lives on for long in between, and often, so that every part is cut.
 */
const FAULTS: readonly Faults[] = [
  { every: { nth: 149, from: 17 }, downMinutes: 0 },
  { every: { nth: 149, from: 91 }, downMinutes: 0 },
  { every: { nth: 23, from: 5 }, downMinutes: 0 },
  { every: { nth: 31, from: 12 }, downMinutes: 0 },
  { every: { nth: 211, from: 60 }, downMinutes: 47 },
];

test('wherever the process ends, nobody outside can tell that it did', async () => {
  const playbook = await shippedPlaybook();
  const undisturbed: Undisturbed = await playLittleWorld({ playbook });
  const standings = Object.entries(undisturbed.outcome.records).flatMap(([key, text]) =>
    key.endsWith('/ PERSON') ? [(JSON.parse(text) as { standing: string }).standing] : [],
  );
  expect(standings.sort()).toEqual(['declined', 'nurture', 'nurture', 'nurture', 'nurture', 'won']);
  expect(undisturbed.outcome.open).toEqual([]);
  expect(undisturbed.findings).toEqual([]);

  const outcomes: string[] = [];
  for (const faults of FAULTS) {
    const { ends, differences } = await disturb(playbook, undisturbed, faults);
    expect(ends).not.toEqual([]);
    outcomes.push(
      ...differences.map((one) => `npm run faults -- ${describeFaults(faults)}: ${one}`),
    );
  }
  expect(outcomes).toEqual([]);
}, 120_000);
