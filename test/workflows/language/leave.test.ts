import { readLeave } from '#workflows/language/leave-calendar.ts';
import { readPlaybook } from '#workflows/language/read-playbook.ts';
import { connectors, playbookTexts } from './sample-playbook.ts';

const calendar = (...events: string[]): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//a test//EN',
    ...events.flatMap((event, index) => [
      'BEGIN:VEVENT',
      ...(event.includes('UID:') ? [] : [`UID:event-${index}`]),
      'DTSTAMP:20260101T000000Z',
      ...event.split(' '),
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
    '',
  ].join('\r\n');

const BERLIN =
  'DTSTART;TZID=Europe/Berlin:20261022T130000 DTEND;TZID=Europe/Berlin:20261022T170000';

test.each([
  [
    'days: the end is the day after',
    ['DTSTART;VALUE=DATE:20261228 DTEND;VALUE=DATE:20270109'],
    [{ from: '2026-12-28', to: '2027-01-08' }],
  ],
  [
    'a day without an end',
    ['DTSTART;VALUE=DATE:20261204'],
    [{ from: '2026-12-04', to: '2026-12-04' }],
  ],
  [
    'hours of a zone, week after week past the change of the clocks',
    [`${BERLIN} RRULE:FREQ=WEEKLY;COUNT=2`],
    [
      { from: '2026-10-22T11:00:00.000Z', to: '2026-10-22T15:00:00.000Z' },
      { from: '2026-10-29T12:00:00.000Z', to: '2026-10-29T16:00:00.000Z' },
    ],
  ],
  [
    'a repeated one with an exception and one that was moved',
    [
      `UID:course ${BERLIN} RRULE:FREQ=WEEKLY;COUNT=3 EXDATE;TZID=Europe/Berlin:20261029T130000`,
      'UID:course RECURRENCE-ID;TZID=Europe/Berlin:20261105T130000 DTSTART;TZID=Europe/Berlin:20261106T090000 DTEND;TZID=Europe/Berlin:20261106T100000',
    ],
    [
      { from: '2026-10-22T11:00:00.000Z', to: '2026-10-22T15:00:00.000Z' },
      { from: '2026-11-06T08:00:00.000Z', to: '2026-11-06T09:00:00.000Z' },
    ],
  ],
  [
    'a day of every month',
    ['DTSTART;VALUE=DATE:20261204 RRULE:FREQ=MONTHLY;COUNT=2'],
    [
      { from: '2026-12-04', to: '2026-12-04' },
      { from: '2027-01-04', to: '2027-01-04' },
    ],
  ],
  [
    'a time in UTC',
    ['DTSTART:20261204T100000Z DURATION:PT2H'],
    [{ from: '2026-12-04T10:00:00.000Z', to: '2026-12-04T12:00:00.000Z' }],
  ],
  [
    'a time without a zone is local to the person',
    ['DTSTART:20261204T100000 DTEND:20261204T120000'],
    [{ from: '2026-12-04T15:00:00.000Z', to: '2026-12-04T17:00:00.000Z' }],
  ],
  [
    'a zone by the name that Windows has for it',
    [
      'DTSTART;TZID=W._Europe_Standard_Time:20261204T100000 DTEND;TZID=W._Europe_Standard_Time:20261204T120000',
    ],
    [{ from: '2026-12-04T09:00:00.000Z', to: '2026-12-04T11:00:00.000Z' }],
  ],
  [
    'free, tentative and cancelled times are none',
    [
      'DTSTART;VALUE=DATE:20261204 TRANSP:TRANSPARENT',
      'DTSTART;VALUE=DATE:20261204 STATUS:CANCELLED',
      'DTSTART;VALUE=DATE:20261204 STATUS:TENTATIVE',
      'DTSTART;VALUE=DATE:20261204 X-MICROSOFT-CDO-BUSYSTATUS:FREE',
    ],
    [],
  ],
])('absences of a calendar: %s', (_, events, expected) => {
  const text = calendar(...events).replaceAll('W._Europe_Standard_Time', 'W. Europe Standard Time');
  expect(readLeave(text, 'America/New_York')).toEqual(expected);
});

test('what repeats without an end ends with the years that a playbook knows', () => {
  const weekly = calendar('DTSTART;VALUE=DATE:20260102 RRULE:FREQ=WEEKLY;BYDAY=FR');
  const absences = readLeave(weekly, 'Europe/Berlin');
  expect(absences.at(-1)?.from.slice(0, 4)).toBe('2036');
  expect(readLeave(weekly, 'Europe/Berlin')).toEqual(absences);
});

test.each([
  ['no calendar at all', 'out of office'],
  ['an event that never starts', calendar('DTSTART:soon')],
])('%s is refused', (_, text) => {
  expect(() => readLeave(text, 'UTC')).toThrow(/leave_unreadable|calendar of absences/);
});

const LEAVE = 'absences/ada.ics';
const people = (leave?: string) =>
  JSON.stringify({
    salespeople: [
      {
        ...{ email: 'ada@example.com', name: 'Ada', team: 'emea', calendar: 'berlin' },
        absences: [{ from: '2026-11-02', to: '2026-11-03' }],
        ...(leave !== undefined && { leave }),
      },
    ],
  });
const ADAS = calendar('DTSTART;VALUE=DATE:20261204');
const read = (files: Record<string, string>) =>
  readPlaybook(playbookTexts(files), { connectors, leave: readLeave });

test('a salesperson is away as their file and their calendar say', () => {
  const { playbook, problems } = read({ 'people.json': people('ada'), [LEAVE]: ADAS });
  expect(problems).toEqual([]);
  expect(playbook?.people.salespeople[0]?.absences).toEqual([
    { from: '2026-11-02', to: '2026-11-03' },
    { from: '2026-12-04', to: '2026-12-04' },
  ]);
  const other = read({ 'people.json': people('ada'), [LEAVE]: `${ADAS}\r\n` });
  expect(other.playbook?.version).not.toBe(playbook?.version);
});

test.each([
  ['that is not there', { 'people.json': people('ada') }, 'people.json'],
  ['of nobody', { 'people.json': people(), [LEAVE]: ADAS }, LEAVE],
  ['that can not be read', { 'people.json': people('ada'), [LEAVE]: 'no' }, 'people.json'],
  [
    'with another ending',
    { 'people.json': people(), 'absences/ada.json': '{}' },
    'absences/ada.json',
  ],
])('a calendar %s is told', (_, files, place) => {
  const { problems } = read(files);
  expect(problems.map(({ file }) => file)).toContain(place);
});
