import { failure } from '#connectors/marketo/failure.ts';
import { ADA, connect, MORNING } from './marketo-connection.ts';

describe('errors', () => {
  test.each([
    ...['502', '604', '608', '611', '614', '713', '719'].map((code) => [code, 'retry'] as const),
    ...['603', '605', '609', '610', '612', '613', '616', '703'].map(
      (code) => [code, 'config'] as const,
    ),
    ...['606', '607', '615'].map((code) => [code, 'retry'] as const),
    ...['701', '704', '709', '710', '711', '712', '714', '718'].map(
      (code) => [code, 'data'] as const,
    ),
    ['9999', 'defect'] as const,
  ])('%s on the level of the response is of the kind %s', async (code, kind) => {
    await using map = await connect();
    map.fake.refuseNext(code);
    await expect(map.call('person.upsert', ADA)).rejects.toMatchObject({ kind });
    expect(map.fake.leads.size).toBe(0);
  });

  test.each([
    ['1001', 'data', 'marketo_value_type'],
    ['1002', 'data', 'marketo_value_missing'],
    ['1003', 'data', 'marketo_value_refused'],
    ['1004', 'data', 'marketo_lead_not_found'],
    ['1005', 'conflict', 'marketo_exists'],
    ['1006', 'data', 'marketo_field_unknown'],
    ['1007', 'data', 'marketo_several_leads_match'],
    ['1008', 'data', 'marketo_partition_forbidden'],
    ['1009', 'data', 'marketo_partition_missing'],
    ['1010', 'data', 'marketo_partition_fixed'],
    ['1011', 'data', 'marketo_unsupported'],
    ['1013', 'data', 'marketo_object_not_found'],
    ['1015', 'data', 'marketo_not_in_list'],
    ['1017', 'conflict', 'marketo_exists'],
    ['1018', 'config', 'marketo_owned_by_crm'],
    ['1025', 'config', 'marketo_program_status'],
    ['1099', 'data', 'marketo_error_unforeseen'],
  ])('%s on the level of the record is of the kind %s', async (code, kind, named) => {
    await using map = await connect();
    map.fake.skip(ADA.email, code);
    await expect(map.call('person.upsert', ADA)).rejects.toMatchObject({ kind, code: named });
  });

  test.each([
    ['606', 'calls in 20 s', 20_000],
    ['615', 'concurrent', 2_000],
    ['607', 'daily', 15 * 3_600_000],
  ])('%s says in a 200 which limit was reached: %s', async (code, limit, retryAfterMs) => {
    await using map = await connect();
    map.clock.now = new Date('2026-11-22T15:00:00Z');
    map.fake.refuseNext(code);
    const error = { kind: 'retry', limit, retryAfterMs, outcomeUnknown: false };
    await expect(map.call('person.upsert', ADA)).rejects.toMatchObject(error);
  });

  test.each([
    [413, 'data', 'marketo_too_large'],
    [414, 'data', 'marketo_uri_too_long'],
    [429, 'retry', 'marketo_unavailable'],
    [502, 'retry', 'marketo_unavailable'],
    [404, 'config', 'marketo_path_unknown'],
  ])('HTTP %i is of the kind %s', (status, kind, code) => {
    expect(failure({ status, headers: {}, body: '' })).toMatchObject({ kind, code });
  });

  test.each([
    ['its id', 'e42b#14272d07d78', '606 (request e42b#14272d07d78):'],
    ['nothing that is no id', 'ada@acme.example', '606:'],
  ])('the message names the request by %s', (_case, requestId, said) => {
    const body = { requestId, success: false, errors: [{ code: '606', message: 'Ada' }] };
    expect(failure({ status: 200, headers: {}, body })?.message).toContain(said);
  });

  test('two leads with one address wait for a person to merge them', async () => {
    await using map = await connect();
    map.fake.addLead({ email: ADA.email });
    map.fake.addLead({ email: ADA.email });
    await expect(map.call('person.upsert', ADA)).rejects.toMatchObject({
      code: 'marketo_several_leads_match',
    });
  });

  test.each([
    ['in winter', '2026-11-22T09:00:00.000Z', '2026-11-23T06:00:00.000Z'],
    ['in summer', '2026-07-01T04:59:59.000Z', '2026-07-01T05:00:00.000Z'],
    ['on the day that has 25 hours', '2026-11-01T05:30:00.000Z', '2026-11-02T06:00:00.000Z'],
  ])('a used up quota rests until midnight US Central %s', async (_when, now, midnight) => {
    await using map = await connect();
    map.clock.now = new Date(now);
    map.fake.refuseNext('607');
    await expect(map.call('person.upsert', ADA)).rejects.toMatchObject({
      code: 'marketo_daily_quota_used_up',
      retryAfterMs: Date.parse(midnight) - Date.parse(now),
    });
  });

  test('more calls than the window allows rest for the window', async () => {
    await using map = await connect({ callsIn20s: 3 });
    await map.call('person.upsert', ADA);
    await map.call('person.upsert', ADA);
    await expect(map.call('person.upsert', ADA)).rejects.toMatchObject({
      code: 'marketo_rate_limited',
      retryAfterMs: 20_000,
    });
    map.clock.now = new Date(MORNING.getTime() + 20_000);
    await expect(map.call('person.upsert', ADA)).resolves.toMatchObject({ created: false });
  });

  test('an outage may have done the work or not', async () => {
    await using map = await connect();
    await map.call('person.upsert', ADA);
    map.fake.outageUntil = new Date(MORNING.getTime() + 1);
    await expect(map.call('person.upsert', ADA)).rejects.toMatchObject({
      kind: 'retry',
      outcomeUnknown: true,
    });
  });

  test('no message repeats what Marketo or the caller said', async () => {
    await using map = await connect();
    map.fake.skip(ADA.email, '1003');
    await expect(map.call('person.upsert', ADA)).rejects.toThrow(/^(?!.*acme).*$/);
  });
});
