import { setTimeout as sleep } from 'node:timers/promises';
import type { HubError } from '#core/errors.ts';
import { openPlain } from './kit-vendor.ts';

const burst = (calls: number) => ({ rates: [{ name: 'burst', calls, everyMs: 10_000 }] });
const codeOf = (error: unknown) => (error as HubError).code;

test('a call beyond the budget is not sent, and its caller is told when to come back', async () => {
  await using plain = await openPlain(burst(2));
  await plain.call('read', 'clock');
  await plain.call('read', 'clock');
  await expect(plain.call('read', 'clock')).rejects.toMatchObject({
    name: 'HubError.retry',
    code: 'connection_busy',
    limit: 'burst',
    retryAfterMs: 10_000,
    outcomeUnknown: false,
  });
  expect(plain.vendor.calls).toBe(2);
  plain.clock.at += 10_000;
  await plain.call('read', 'clock');
});

test('an operation that is held back after its first write may have happened', async () => {
  await using plain = await openPlain(burst(1));
  await expect(plain.call('twice', 'clock')).rejects.toMatchObject({
    code: 'connection_busy',
    outcomeUnknown: true,
  });
});

test('what the vendor says rests the limit for all, as long as it says', async () => {
  await using plain = await openPlain(burst(100));
  plain.vendor.answers = () => new Response('', { status: 429, headers: { 'retry-after': '7' } });
  await expect(plain.call()).rejects.toMatchObject({ code: 'plain_throttled' });
  plain.vendor.answers = () => undefined;
  await expect(plain.call('read', 'clock')).rejects.toMatchObject({
    code: 'connection_busy',
    retryAfterMs: 7_000,
  });
  plain.clock.at += 7_000;
  await plain.call();
  expect(plain.vendor.calls).toBe(2);
});

test('the quota that an answer tells of is obeyed, and ops hear of it once', async () => {
  await using plain = await openPlain({
    rates: [],
    daily: { calls: 500, resets: { midnightIn: 'Europe/Berlin' } },
  });
  plain.vendor.answers = () => new Response('{}', { headers: { 'x-left': '1' } });
  await plain.call('read', 'clock');
  plain.vendor.answers = () => new Response('{}', { headers: { 'x-left': '0' } });
  await plain.call('read', 'clock');
  await expect(plain.call('read', 'clock')).rejects.toMatchObject({
    code: 'connection_busy',
    limit: 'daily',
    retryAfterMs: 14 * 3_600_000,
  });
  expect(plain.told).toMatchObject([{ kind: 'quota', connection: 'one' }]);
});

test('calls at once are no more than agreed, and those of a clock go before those that came first', async () => {
  let turn = 0;
  let most = 0;
  let underWay = 0;
  const order: string[] = [];
  await using plain = await openPlain(
    { rates: [], concurrent: 1 },
    { wait: (ms) => sleep(Math.min(ms, 2)) },
  );
  const call = async (urgency: 'clock' | 'backfill') => {
    await plain.call('read', urgency);
    order.push(urgency);
  };
  plain.vendor.answers = () => {
    underWay += 1;
    most = Math.max(most, underWay);
    turn += 1;
    underWay -= 1;
    return undefined;
  };
  const first = call('backfill');
  await Promise.all([first, call('backfill'), call('backfill'), call('clock')]);
  expect(turn).toBe(4);
  expect(most).toBe(1);
  expect(order.at(-1)).toBe('backfill');
  expect(order.indexOf('clock')).toBeLessThan(2);
});

test('after five failures in a row calls fail at once; one that goes through ends it', async () => {
  await using plain = await openPlain();
  plain.vendor.answers = () => new Response('', { status: 503 });
  for (let n = 0; n < 5; n += 1) await expect(plain.call()).rejects.toThrow('Plain is down.');
  expect(await plain.call().catch(codeOf)).toBe('connection_down');
  expect(plain.vendor.calls).toBe(5);
  plain.clock.at += 15_000;
  await expect(plain.call()).rejects.toThrow('Plain is down.');
  plain.clock.at += 30_000;
  plain.vendor.answers = () => undefined;
  await plain.call();
  await plain.call();
  expect(plain.told).toMatchObject([
    { kind: 'outage', step: 'opened' },
    { kind: 'outage', step: 'still-open' },
    { kind: 'outage', step: 'closed' },
  ]);
});

test('a refusal is an answer: it opens nothing', async () => {
  await using plain = await openPlain();
  plain.vendor.answers = () => new Response('{}', { status: 401 });
  for (let n = 0; n < 8; n += 1) expect(await plain.call().catch(codeOf)).toBe('plain_refused');
  expect(plain.told).toEqual([]);
});
