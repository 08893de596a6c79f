import { createHmac } from 'node:crypto';
import { signHouse, verifyHouse } from '#connectors/kit/house-signature.ts';

const NOW = new Date('2026-11-22T09:00:00.000Z');
const SECRET = 'a-secret-of-many-letters';
const BODY = '{"hello":"world"}';
const SECONDS = String(NOW.getTime() / 1000);

test('the signature covers the time and the body', () => {
  const digest = createHmac('sha256', SECRET).update(`${SECONDS}.${BODY}`).digest('hex');
  expect(signHouse(BODY, SECRET, NOW)).toEqual({
    'x-hub-timestamp': SECONDS,
    'x-hub-signature-256': `sha256=${digest}`,
  });
});

test.each<[string, Partial<{ body: string; secret: string; at: Date; seconds: string }>, string]>([
  ['as it was signed', {}, ''],
  ['with another body', { body: '{}' }, 'signature_invalid'],
  ['with another secret', { secret: 'guessed' }, 'signature_invalid'],
  ['with another time than was signed', { seconds: '1' }, 'signature_invalid'],
  ['six minutes later', { at: new Date(NOW.getTime() + 360_000) }, 'signature_stale'],
  ['six minutes earlier', { at: new Date(NOW.getTime() - 360_000) }, 'signature_stale'],
])('a request %s', (_, { body = BODY, secret = SECRET, at = NOW, seconds = SECONDS }, code) => {
  const headers = { ...signHouse(BODY, SECRET, NOW), 'x-hub-timestamp': seconds };
  const verify = () => verifyHouse({ headers, body: Buffer.from(body) }, secret, at);
  if (code === '') expect(verify).not.toThrow();
  else expect(verify).toThrow(expect.objectContaining({ code }));
});
