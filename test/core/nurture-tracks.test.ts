import { placeAfter, Tracks } from '#core/nurture/tracks.ts';

const tracks = Tracks.parse({
  tracks: [
    { id: 'light', name: 'Light', list: 'L', reEnterAfter: 'P30D' },
    { id: 'timing', name: 'Not now', list: 'T', reEnterAfter: 'P3M' },
  ],
  reasons: [
    { code: 'no_response', label: 'No answer', track: 'light', because: 'rest' },
    { code: 'not_now', label: 'Later', track: 'timing', aheadOfDate: 'P14D', because: 'later' },
    { code: 'bad_fit', label: 'No fit', disqualify: true, because: 'never' },
    { code: 'unsubscribed', label: 'Stop', disqualify: true, suppress: true, because: 'asked' },
  ],
  salesMayGive: ['no_response'],
});
const now = new Date('2026-11-30T12:00:00Z');

test.each([
  ['days', 'no_response', undefined, '2026-12-30T12:00:00.000Z'],
  ['months end with the month', 'not_now', undefined, '2027-02-28T12:00:00.000Z'],
  [
    'a named date less its lead time',
    'not_now',
    '2027-03-15T00:00:00Z',
    '2027-03-01T00:00:00.000Z',
  ],
  [
    'a named date too near means now',
    'not_now',
    '2026-12-05T00:00:00Z',
    '2026-11-30T12:00:00.000Z',
  ],
  [
    'a named date where none is asked for',
    'no_response',
    '2027-03-15T00:00:00Z',
    '2026-12-30T12:00:00.000Z',
  ],
])('somebody comes up again after %s', (_, reason, date, reEnterAt) => {
  const place = placeAfter(reason, tracks, now, date === undefined ? undefined : new Date(date));
  expect(place).toMatchObject({ reason, reEnterAt });
});

test('reasons that end it disqualify, and only some of them silence', () => {
  expect(placeAfter('bad_fit', tracks, now)).toMatchObject({ disqualified: true, suppress: false });
  expect(placeAfter('unsubscribed', tracks, now)).toMatchObject({
    disqualified: true,
    suppress: true,
  });
});

test('an unknown reason names the known ones', () => {
  const place = () => placeAfter('felt_like_it', tracks, now);
  expect(place).toThrow('Use one of no_response, not_now, bad_fit, unsubscribed');
  expect(place).toThrow(expect.objectContaining({ name: 'HubError.data' }));
});

test.each([
  ['neither a track nor an end', { code: 'x', label: 'x', because: 'x' }],
  ['both', { code: 'x', label: 'x', because: 'x', track: 'light', disqualify: true }],
  [
    'silence without an end',
    { code: 'x', label: 'x', because: 'x', track: 'light', suppress: true },
  ],
])('a reason with %s is refused', (_, reason) => {
  expect(Tracks.safeParse({ ...tracks, reasons: [reason] }).success).toBe(false);
});

test('business time is no time for a track', () => {
  const track = { ...tracks.tracks[0], reEnterAfter: '2 business days' };
  expect(Tracks.safeParse({ ...tracks, tracks: [track] }).success).toBe(false);
});
