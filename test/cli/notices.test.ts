import { noticesOf } from '#cli/up/notices.ts';
import type { LogEntry } from '#core/records/log-entry.ts';

const AT = '2026-11-23T09:00:00.000Z';

const log = (kind: LogEntry['kind'], title: string, detail: object = {}) => ({
  put: {
    ...{ pk: 'PERSON#per_1', sk: 'LOG#1', type: 'log', version: 1 },
    data: { at: AT, kind, title, detail, order: 1 },
  },
});

test.each([
  ['a breach', log('clock', 'clock accept: breach (anna)'), 'breached'],
  ['an escalation', log('clock', 'clock accept: escalate (anna)'), 'breached'],
  [
    'a hand-back',
    log('decision', 'handed back to marketing, track timing: no_action'),
    'handed back',
  ],
  [
    'a lead that never was handed off',
    log('decision', 'to nurture, track light: not_ready'),
    'nurture',
  ],
  ['a lead that will never buy', log('decision', 'declined: bad_fit'), 'declined'],
  ['a deal', log('decision', 'closed: won'), 'closed'],
  [
    'a lead that no agreement held back',
    log('decision', 'no agreement in force: hand-offs go by rating alone'),
    'trouble',
  ],
  ['a run that failed', log('decision', 'the run failed: States.Timeout'), 'trouble'],
])('%s is told', (_, write, what) => {
  expect(noticesOf([write])).toEqual([{ what, text: write.put.data.title, personId: 'per_1' }]);
});

test('a review that is overdue is told', () => {
  const data = { subject: 'agreement', reviewBy: '2026-10-31', at: AT };
  const nag = { pk: 'SIGNED#agreement', sk: 'NAG#2026-10-31#3', type: 'review-nag', version: 1 };
  expect(noticesOf([{ put: { ...nag, data } }])).toEqual([
    { what: 'trouble', text: expect.stringContaining('was due on 2026-10-31') },
  ]);
});

test('a refused effect is told with the reason of the vendor', () => {
  const error = { kind: 'config', code: 'picklist', message: 'No such status.' };
  expect(noticesOf([log('effect', 'refused: status in crm', { error })])).toEqual([
    { what: 'trouble', text: 'refused: status in crm: No such status.', personId: 'per_1' },
  ]);
});

test.each([
  ['a clock that starts', log('clock', 'clock accept: anna until noon')],
  ['a reminder', log('clock', 'clock accept: remind (anna)')],
  ['an effect that worked', log('effect', 'mail to anna')],
  ['a rating', log('decision', 'rated hot (A1), lane hot')],
  ['a record that is removed', { remove: { pk: 'PERSON#per_1', sk: 'LOG#1' } }],
])('%s is not told', (_, write) => {
  expect(noticesOf([write])).toEqual([]);
});

const outage = (version: number, over: boolean) => ({
  put: {
    ...{ pk: 'OUTAGE#crm', sk: AT, type: 'outage', version },
    data: { connection: 'crm', title: 'Salesforce', from: AT, until: AT, over },
  },
});

test.each([
  ['begins', outage(1, false), ['Salesforce (crm) is down: calls to it wait']],
  ['goes on', outage(2, false), []],
  ['is over', outage(3, true), ['Salesforce (crm) is back']],
])('an outage that %s is told as it ought to be', (_, write, texts) => {
  expect(noticesOf([write]).map(({ text }) => text)).toEqual(texts);
});
