import * as fc from 'fast-check';
import { readLink, type SignedLink, signLink } from '#core/links.ts';

const KEY = 'k'.repeat(64);
const NOW = new Date('2026-12-07T09:00:00.000Z');
const DAY_MS = 86_400_000;
const LINK: SignedLink = {
  invitation: 'ho_per_1_1.0',
  action: 'accept',
  to: 'zoë@northwind.example',
};

test('a link says what was signed, and is safe in a path', () => {
  const token = signLink(KEY, LINK, NOW);
  expect(readLink(KEY, token, NOW)).toEqual(LINK);
  expect(token).toMatch(/^[0-9a-f]+\.[0-9a-f]{64}$/);
});

test('a link works for 30 days and not a second more', () => {
  const token = signLink(KEY, LINK, NOW);
  const last = new Date(NOW.getTime() + 30 * DAY_MS);
  expect(readLink(KEY, token, last)).toEqual(LINK);
  expect(() => readLink(KEY, token, new Date(last.getTime() + 1000))).toThrow(
    expect.objectContaining({ name: 'HubError.auth', code: 'link_expired' }),
  );
});

test('a link of another hub does nothing', () => {
  const token = signLink('another key', LINK, NOW);
  expect(() => readLink(KEY, token, NOW)).toThrow(
    expect.objectContaining({ name: 'HubError.auth', code: 'link_invalid' }),
  );
});

test('a link in which any one character was changed does nothing', () => {
  const token = signLink(KEY, LINK, NOW);
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.constantFrom(...'0123456789abcdef.'), (at, digit) => {
      fc.pre(token[at] !== digit);
      const changed = `${token.slice(0, at)}${digit}${token.slice(at + 1)}`;
      expect(() => readLink(KEY, changed, NOW)).toThrow(
        expect.objectContaining({ code: 'link_invalid' }),
      );
    }),
  );
});

test.each([
  '',
  '.',
  'nonsense',
  `${'a'.repeat(64)}.${'b'.repeat(64)}`,
  signLink(KEY, LINK, NOW).slice(0, -1),
])('a token that nobody signed does nothing: %j', (token) => {
  expect(() => readLink(KEY, token, NOW)).toThrow(
    expect.objectContaining({ name: 'HubError.auth', code: 'link_invalid' }),
  );
});

test('the payload of one link does not take the signature of another', () => {
  const [payload] = signLink(KEY, { ...LINK, to: 'mallory@northwind.example' }, NOW).split('.');
  const [, signature] = signLink(KEY, LINK, NOW).split('.');
  expect(() => readLink(KEY, `${payload}.${signature}`, NOW)).toThrow(
    expect.objectContaining({ code: 'link_invalid' }),
  );
});
