import { shippedPlaybook } from '#test/support/shipped-playbook.ts';
import { describeFaults, disturb, type Faults, type Undisturbed } from './faults.ts';
import { playLittleWorld } from './little-world.ts';

/** `npm run faults` tries every point and pairs of them; here are as many as a minute's work bears. */
const STRIDE = 149;
const FIRST = 17;
/** Worlds in which the process ends again and again, so that every part of the story is cut. */
const OFTEN: readonly Faults[] = [
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
  const singles: Faults[] = [];
  for (let at = FIRST; at <= undisturbed.points; at += STRIDE)
    singles.push({ at: [at], downMinutes: 0 });
  for (const faults of [...singles, ...OFTEN]) {
    const { ends, differences } = await disturb(playbook, undisturbed, faults);
    expect(ends).not.toEqual([]);
    outcomes.push(
      ...differences.map((one) => `npm run faults -- ${describeFaults(faults)}: ${one}`),
    );
  }
  expect(outcomes).toEqual([]);
}, 120_000);
