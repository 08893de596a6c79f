import { DurationText, parseDuration } from '#core/clocks/duration.ts';
import { isHubError } from '#core/errors.ts';

test.each([
  ['minutes of working time', '90 business minutes', { kind: 'business', minutes: 90 }],
  ['hours of working time', '4 business hours', { kind: 'business', minutes: 240 }],
  ['half hours', '1.5 business hours', { kind: 'business', minutes: 90 }],
  ['the singular', '1 business hour', { kind: 'business', minutes: 60 }],
  ['capitals and stray spaces', ' 2  Business  Days ', { kind: 'business-days', days: 2 }],
  ['plain time', 'PT30M', { kind: 'plain', iso: 'PT30M' }],
  ['plain months', 'P1M', { kind: 'plain', iso: 'P1M' }],
])('%s: "%s"', (_, text, duration) => {
  expect(parseDuration(text)).toEqual(duration);
});

test.each([
  ['a forgotten word', '4 hrs', 'Did you mean "4 business hours" or "PT4H"?'],
  ['another word for it', '3 working days', 'Did you mean "3 business days" or "P3D"?'],
  ['no space', '30min', 'Did you mean "30 business minutes" or "PT30M"?'],
  ['weeks, which no calendar has', '2 weeks', 'Did you mean "P2W"?'],
  ['a lost T', 'P15H', 'Did you mean "15 business hours" or "PT15H"?'],
  ['nothing', '', 'Allowed are'],
  ['no time at all', '0 business minutes', 'Allowed are'],
  ['time that runs back', '-PT5M', 'Allowed are'],
  ['a part of a day', '1.5 business days', 'Allowed are'],
  ['a word', 'soon', 'Allowed are'],
])('%s is refused with what is allowed: "%s"', (_, text, hint) => {
  const refused = catchError(() => parseDuration(text));
  expect(isHubError(refused, 'config')).toBe(true);
  expect(refused).toMatchObject({ code: 'duration_unreadable' });
  expect(String(refused)).toContain(hint);
});

test('the schema reports the same message where the duration stands', () => {
  const { success, error } = DurationText.safeParse('4 hrs');
  expect(success).toBe(false);
  expect(error?.issues[0]?.message).toContain('"4 business hours"');
});

function catchError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
