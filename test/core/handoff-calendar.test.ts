import { CalendarDefinition } from '#core/clocks/calendar.ts';
import { calendarFor } from '#core/handoff/calendar.ts';
import { People } from '#core/people.ts';
import { shippedPlaybook } from '#test/support/shipped-playbook.ts';

const ADA = 'ada@northwind.example';
const hoursIn = (timeZone: string) =>
  CalendarDefinition.parse({ timeZone, hours: { mon: [['09:00', '17:00']] } });
const calendars = {
  first: hoursIn('UTC'),
  own: hoursIn('Europe/Berlin'),
  team: hoursIn('Europe/London'),
  region: hoursIn('America/New_York'),
  elsewhere: hoursIn('Asia/Tokyo'),
};

test.each([
  ['their own', { calendar: 'own', region: 'far' }, { calendar: 'team' }, 'Europe/Berlin'],
  ["their team's", {}, { calendar: 'team', region: 'near' }, 'Europe/London'],
  ["their team's before their region's", { region: 'far' }, { calendar: 'team' }, 'Europe/London'],
  ["their team's region's", {}, { region: 'near' }, 'America/New_York'],
  [
    "their region's before their team's region's",
    { region: 'far' },
    { region: 'near' },
    'Asia/Tokyo',
  ],
  ['the first, where nobody names one', {}, {}, 'UTC'],
])('somebody works by %s', async (_what, person, team, zone) => {
  const people = People.parse({
    salespeople: [{ email: ADA, name: 'Ada', team: 'emea', ...person }],
    teams: { emea: team },
    regions: { near: { calendar: 'region' }, far: { calendar: 'elsewhere' } },
  });
  const playbook = { ...(await shippedPlaybook()), people, calendars };
  expect(calendarFor(playbook, ADA).definition.timeZone).toBe(zone);
  expect(calendarFor(playbook, 'queue:unrouted').definition.timeZone).toBe('UTC');
});
