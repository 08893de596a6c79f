import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Spoken, temporaryFolder } from './command-line.ts';
import { baton } from './one-process.ts';

const NEW_YORK = {
  timeZone: 'America/New_York',
  hours: {
    mon: [
      ['09:00', '12:30'],
      ['13:30', '17:30'],
    ],
    wed: [['09:00', '17:30']],
    thu: [['09:00', '17:30']],
    fri: [['09:00', '17:30']],
    sat: [],
  },
  holidays: [{ country: 'US' }, '2026-11-27'],
  halfDays: { '2026-12-24': [['09:00', '12:00']] },
};

const CASES = {
  // Thanksgiving is the country's, the day after it the company's.
  hours: ['--from', '2026-11-25T21:30:00Z', '--add', '2 business hours', '--json'],
  local: ['--from', '2026-11-25T16:30:00', '--add', '1 business day', '--json'],
  elapsed: ['--from', '2026-11-25T21:30:00Z', '--elapsed-until', '2026-11-30T18:00:00Z', '--json'],
  text: ['--from', '2026-11-23T15:00:00Z', '--add', '3 business hours'],
  unreadable: ['--from', '2026-11-23T15:00:00Z', '--add', '4 hrs'],
  neither: ['--from', '2026-11-23T15:00:00Z'],
  wrong: ['--from', '2026-11-23T15:00:00Z', '--add', 'PT1H', '--calendar', 'wrong.json'],
} as const;

describe('baton due', () => {
  let spoken: Readonly<Record<string, Spoken>> = {};
  beforeAll(async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'ny.json'), JSON.stringify(NEW_YORK));
    writeFileSync(join(folder.path, 'wrong.json'), '{"timeZone": "Mars/Olympus", "hours": {}}');
    const answers = Object.entries(CASES).map(async ([name, words]) => [
      name,
      await baton(['due', '--calendar', 'ny.json', ...words], folder.path),
    ]);
    spoken = Object.fromEntries(await Promise.all(answers));
  }, 60_000);

  test.each([
    ['hours', { due: '2026-11-30T15:00:00.000Z' }],
    ['local', { due: '2026-11-30T21:30:00.000Z' }],
    ['elapsed', { elapsedMinutes: 60 + 210 }],
  ])('answers %s as JSON', (name, answer) => {
    expect(JSON.parse(spoken[name]?.stdout ?? '')).toEqual(answer);
    expect(spoken[name]?.code).toBe(0);
  });

  test('prints the instant and the local time', () => {
    expect(spoken['text']?.stdout.split('\n').slice(0, 2)).toEqual([
      '2026-11-23T19:00:00.000Z',
      'Mon 2026-11-23 14:00:00 -05:00 (America/New_York)',
    ]);
  });

  test.each([
    ['unreadable', 1, 'Did you mean "4 business hours"'],
    ['neither', 2, 'Say either what to add'],
    ['wrong', 1, 'wrong.json:1:14 must be an IANA time zone'],
  ])('refuses what is %s', (name, code, message) => {
    expect(spoken[name]?.code).toBe(code);
    expect(spoken[name]?.stderr.replaceAll(/\s+/g, ' ')).toContain(message);
  });
});
