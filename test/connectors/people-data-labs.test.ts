import { countryCode } from '#connectors/kit/country.ts';
import { FaultScript } from '#connectors/kit/faults.ts';
import { employeesOf, sizeOf } from '#connectors/people-data-labs/company-size.ts';
import { peopleDataLabs } from '#connectors/people-data-labs/connector.ts';
import { fakePeopleDataLabs } from '#connectors/people-data-labs/fake.ts';
import { connectProvider, now } from './enrichment-provider.ts';

const connect = (settings: object = {}, credentials: object = {}, faults?: FaultScript) =>
  connectProvider(peopleDataLabs, fakePeopleDataLabs({ now, faults }), { settings, credentials });

const FACTS = {
  firstName: 'ada',
  lastName: 'lovelace',
  title: 'chief engineer',
  company: 'acme',
  website: 'acme.example',
  industry: 'machinery',
  country: 'DE',
};

test('a hit comes as facts, with the likelihood as confidence', async () => {
  await using pdl = await connect();
  pdl.fake.know('ada@acme.example', { ...FACTS, employees: 120 }, 8);
  await expect(pdl.enrich('Ada@acme.example')).resolves.toEqual({
    status: 'hit',
    confidence: 0.8,
    // The vendor tells a range; its middle stands for it.
    facts: { ...FACTS, employees: 126 },
  });
});

test.each([
  ['nobody', 'bob@acme.example'],
  ['somebody who is unlikely the one', 'ada@acme.example'],
])('%s is a miss', async (_case, email) => {
  await using pdl = await connect({ minLikelihood: 7 });
  pdl.fake.know('ada@acme.example', FACTS, 6);
  await expect(pdl.enrich(email)).resolves.toEqual({ status: 'miss' });
  expect(pdl.fake.lookups).toEqual([email]);
});

test('a lead does not wait longer than it was told to', async () => {
  await using pdl = await connect();
  pdl.fake.know('ada@acme.example', FACTS);
  // Who waited longer would have the answer.
  pdl.fake.answerAfterMs = 2_000;
  await expect(pdl.enrich('ada@acme.example', 50)).rejects.toMatchObject({
    kind: 'retry',
    code: 'enrichment_timeout',
  });
});

test.each([
  [400, 'data', 'enrichment_input_refused'],
  [402, 'config', 'enrichment_credits_used_up'],
  [403, 'auth', 'enrichment_key_refused'],
  [418, 'defect', 'enrichment_error_unforeseen'],
  [429, 'retry', 'enrichment_ratelimited'],
  [500, 'retry', 'enrichment_unavailable'],
])('HTTP %i is an error of the kind %s', async (status, kind, code) => {
  await using pdl = await connect();
  pdl.fake.refuseNext(status);
  await expect(pdl.enrich('ada@acme.example')).rejects.toMatchObject({ kind, code });
});

test('a wrong key is an error of the credentials, and down is not slow', async () => {
  await using wrong = await connect({}, { apiKey: 'wrong' });
  await expect(wrong.enrich('ada@acme.example')).rejects.toMatchObject({ kind: 'auth' });
  await using down = await connect({ baseUrl: 'http://127.0.0.1:1' });
  await expect(down.enrich('ada@acme.example')).rejects.toMatchObject({
    code: 'vendor_unreachable',
  });
});

test.each([
  ['1-10', 6],
  ['51-200', 126],
  ['10001+', 10_001],
  ['many', undefined],
])('the size %s is %s employees', (size, employees) => {
  expect(employeesOf(size)).toBe(employees);
});

test('each size holds its own middle', () => {
  for (const count of [1, 10, 11, 200, 201, 10_000, 10_001, 500_000]) {
    const size = sizeOf(count);
    expect(sizeOf(employeesOf(size) ?? Number.NaN)).toBe(size);
  }
});

test.each([
  ['united states', 'US'],
  ['Deutschland', undefined],
  ['germany', 'DE'],
  ['de', 'DE'],
  ['UK', 'GB'],
  ['czech republic', 'CZ'],
  ['South Korea', 'KR'],
  ['Côte d’Ivoire', 'CI'],
  ['hong kong', 'HK'],
  ['EU', undefined],
  ['', undefined],
])('the country %p is %p', (name, code) => {
  expect(countryCode(name)).toBe(code);
});

test('without the fields that must be there an answer is a miss', async () => {
  await using pdl = await connect({ required: 'job_title AND location_country' });
  pdl.fake.know('ada@acme.example', FACTS);
  pdl.fake.know('bob@acme.example', { title: 'cto' });
  await expect(pdl.enrich('ada@acme.example')).resolves.toMatchObject({ status: 'hit' });
  await expect(pdl.enrich('bob@acme.example')).resolves.toEqual({ status: 'miss' });
});

test.each([
  ['throttle', { code: 'enrichment_ratelimited', limit: 'calls a minute', retryAfterMs: 60_000 }],
  ['quota', { kind: 'config', code: 'enrichment_credits_used_up' }],
  ['token', { kind: 'auth', code: 'enrichment_key_refused' }],
  ['outage', { kind: 'retry', code: 'enrichment_unavailable' }],
] as const)('%s is answered as the vendor answers it', async (fault, error) => {
  const faults = new FaultScript([{ fault, times: 1 }], now, () => 0);
  await using pdl = await connect({}, {}, faults);
  await expect(pdl.enrich('ada@acme.example')).rejects.toMatchObject(error);
});

test.each([
  [undefined, 'ok'],
  [402, 'failure'],
])('after %p the examination says %s', async (status, state) => {
  await using pdl = await connect();
  if (status !== undefined) pdl.fake.refuseNext(status);
  expect(await pdl.examine()).toMatchObject({ state });
});
