import type { Finding } from '#connectors/kit/examination.ts';
import { openPortal, TARGET_URL } from './hubspot-portal.ts';

type Portal = Awaited<ReturnType<typeof openPortal>>;

async function examined(
  desk: Portal,
  check: 'credentials' | 'scopes' | 'limits',
): Promise<Finding> {
  const found = await desk.connector.examination?.[check]?.(await desk.operationContext('look'));
  if (found === undefined) throw new Error(`There is no check of ${check}.`);
  return found;
}

async function webhooks(desk: Portal, address = TARGET_URL): Promise<Finding | undefined> {
  return desk.connector.examination?.webhooks?.(await desk.operationContext('look'), address);
}

describe('The examination of HubSpot', () => {
  test('of a portal in order finds nothing', async () => {
    await using desk = await openPortal();
    for (const check of ['credentials', 'scopes', 'limits'] as const) {
      expect(await examined(desk, check)).toMatchObject({ state: 'ok' });
    }
    expect(await webhooks(desk)).toMatchObject({ state: 'ok' });
  });

  test('tells a token of another portal, and another time zone', async () => {
    await using other = await openPortal({ settings: { portalId: 34 } });
    expect(await examined(other, 'credentials')).toMatchObject({
      state: 'failure',
      says: 'The token is for portal 33, the settings say 34.',
    });
    await using desk = await openPortal({ settings: { timeZone: 'Europe/Berlin' } });
    expect(await examined(desk, 'credentials')).toMatchObject({
      state: 'warning',
      advice: expect.stringContaining("'timeZone' to 'UTC'"),
    });
  });

  test('fails with what HubSpot says of the token', async () => {
    await using desk = await openPortal({ token: 'pat-stolen' });
    await expect(examined(desk, 'credentials')).rejects.toMatchObject({ kind: 'auth' });
  });

  test('names what the token may not read', async () => {
    await using desk = await openPortal();
    desk.fake.faults.forbidden = '/deals';
    expect(await examined(desk, 'scopes')).toMatchObject({
      state: 'failure',
      says: 'The token may not read deals, pipelines.',
    });
  });

  test('warns when little of the day is left', async () => {
    await using desk = await openPortal();
    desk.fake.account.callsToday = 249_000;
    expect(await examined(desk, 'limits')).toMatchObject({
      state: 'warning',
      says: expect.stringMatching(/^\d+ of 250000 calls are left today\.$/),
    });
  });

  test('tells where the news goes instead', async () => {
    await using desk = await openPortal();
    expect(await webhooks(desk, 'https://other.example.com/in/hubspot/hs')).toMatchObject({
      state: 'failure',
      says: expect.stringContaining(TARGET_URL),
    });
  });

  test('leaves to a person what HubSpot does not show, and knows what can not be', async () => {
    await using desk = await openPortal();
    desk.fake.faults.forbidden = 'webhooks';
    expect(await webhooks(desk)).toMatchObject({ state: 'unknown' });
    await using key = await openPortal({ credentials: { token: 'pat-test' } });
    key.fake.faults.forbidden = 'webhooks';
    expect(await webhooks(key)).toMatchObject({ state: 'failure' });
  });
});

describe('The mapping of HubSpot', () => {
  test('is held against what the portal has', async () => {
    await using desk = await openPortal({ settings: { fields: { title: 'role' } } });
    const { mapping, settings } = desk.connector;
    const schema = await mapping?.describe(await desk.operationContext('look'));
    const uses = mapping?.uses(
      settings.parse({
        portalId: 33,
        appId: 1,
        fields: { title: 'role' },
        dealStages: { won: 'closedwon' },
      }),
    );
    const missing = uses?.filter(({ object, field }) => schema?.[object]?.[field] === undefined);
    expect(missing).toEqual([
      {
        object: 'contacts',
        field: 'role',
        writes: true,
        setting: 'fields.title',
        operations: ['person.upsert', 'people.upsert'],
      },
    ]);
    const wrong = uses?.filter(({ object, field, options = [] }) => {
      const offered = schema?.[object]?.[field]?.options;
      return offered !== undefined && options.some((option) => !offered.includes(option));
    });
    expect(wrong).toEqual([]);
    expect(schema?.['deals']?.['dealstage']?.options).toContain('closedwon');
    expect(schema?.['contacts']?.['hs_object_id']).toMatchObject({ writable: false });
  });

  test('sees a status that the portal does not offer', async () => {
    await using desk = await openPortal();
    const { mapping, settings } = desk.connector;
    const schema = await mapping?.describe(await desk.operationContext('look'));
    const uses = mapping?.uses(
      settings.parse({ portalId: 33, appId: 1, statusMap: { working: 'DOING' } }),
    );
    const status = uses?.find(({ setting }) => setting === 'statusMap');
    expect(status).toMatchObject({ object: 'contacts', field: 'hs_lead_status', writes: true });
    const offered = schema?.['contacts']?.['hs_lead_status']?.options ?? [];
    expect(status?.options?.filter((option) => !offered.includes(option))).toEqual(['DOING']);
  });

  test('notices a field that is gone', async () => {
    await using desk = await openPortal({ faults: [{ fault: 'drift' }] });
    const schema = await desk.connector.mapping?.describe(await desk.operationContext('look'));
    expect(schema?.['contacts']).not.toHaveProperty('jobtitle');
    await expect(
      desk.call('person.upsert', { facts: { email: 'a@b.test', title: 'CEO' } }),
    ).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('PROPERTY_DOESNT_EXIST, jobtitle'),
    });
  });
});
