import { apollo } from '#connectors/apollo/connector.ts';
import { fakeApollo } from '#connectors/apollo/fake.ts';
import { FaultScript } from '#connectors/kit/faults.ts';
import { connectProvider, now } from './enrichment-provider.ts';

const connect = (credentials: object = {}, faults?: FaultScript) =>
  connectProvider(apollo, fakeApollo({ now, faults }), { credentials });

const FACTS = {
  firstName: 'Ada',
  lastName: 'Lovelace',
  title: 'Chief engineer',
  company: 'Acme',
  website: 'acme.example',
  industry: 'machinery',
  employees: 120,
  country: 'DE',
};

test.each([
  ['verified', 0.9],
  ['guessed', 0.7],
])('a hit whose address is %s comes with the confidence %d', async (status, confidence) => {
  await using provider = await connect();
  provider.fake.know('ada@acme.example', FACTS, status);
  await expect(provider.enrich('Ada@acme.example')).resolves.toEqual({
    status: 'hit',
    confidence,
    facts: FACTS,
  });
});

test('nobody is a miss', async () => {
  await using provider = await connect();
  await expect(provider.enrich('bob@acme.example')).resolves.toEqual({ status: 'miss' });
  expect(provider.fake.lookups).toEqual(['bob@acme.example']);
});

test('a lead does not wait longer than it was told to', async () => {
  await using provider = await connect();
  provider.fake.answerAfterMs = 400;
  await expect(provider.enrich('ada@acme.example', 50)).rejects.toMatchObject({
    kind: 'retry',
    code: 'enrichment_timeout',
  });
});

test.each([
  [400, {}, 'data', { code: 'enrichment_input_refused' }],
  [402, {}, 'config', { code: 'enrichment_credits_used_up' }],
  [403, {}, 'auth', { code: 'enrichment_key_refused' }],
  [404, {}, 'config', { code: 'enrichment_path_unknown' }],
  [418, {}, 'defect', { code: 'enrichment_error_unforeseen' }],
  [422, {}, 'data', { code: 'enrichment_input_refused' }],
  [429, {}, 'retry', { limit: 'calls a minute', retryAfterMs: 60_000 }],
  [429, { 'retry-after': '7' }, 'retry', { limit: 'calls a minute', retryAfterMs: 7_000 }],
  [429, { 'x-hourly-requests-left': '0' }, 'retry', { limit: 'calls an hour' }],
  [429, { 'x-24-hour-requests-left': '0' }, 'retry', { limit: 'daily' }],
  [500, {}, 'retry', { code: 'enrichment_unavailable' }],
])('HTTP %i with %j is an error of the kind %s', async (status, headers, kind, more) => {
  await using provider = await connect();
  provider.fake.refuseNext(status, headers);
  await expect(provider.enrich('ada@acme.example')).rejects.toMatchObject({ kind, ...more });
});

test.each([
  ['throttle', { limit: 'calls a minute' }],
  ['quota', { limit: 'daily' }],
  ['token', { kind: 'auth' }],
  ['outage', { code: 'enrichment_unavailable' }],
] as const)('%s is answered as Apollo answers it', async (fault, error) => {
  const faults = new FaultScript([{ fault, times: 1 }], now, () => 0);
  await using provider = await connect({}, faults);
  await expect(provider.enrich('ada@acme.example')).rejects.toMatchObject(error);
  await expect(provider.enrich('ada@acme.example')).resolves.toEqual({ status: 'miss' });
});

test.each([
  [
    { 'x-rate-limit-24-hour': '600', 'x-24-hour-requests-left': '12' },
    { most: 600, remaining: 12 },
  ],
  [{ 'x-rate-limit-24-hour': '600' }, undefined],
  [{}, undefined],
])('the headers %j tell of the quota %j', (headers, reading) => {
  expect(apollo.http.quota?.({ status: 200, headers, body: {} })).toEqual(reading);
});

test.each([
  [{}, 'ok'],
  [{ apiKey: 'wrong' }, 'failure'],
])('with the credentials %j the examination says %s', async (credentials, state) => {
  await using provider = await connect(credentials);
  expect(await provider.examine()).toMatchObject({ state });
});
