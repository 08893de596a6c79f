import { openPortal } from './hubspot-portal.ts';

const INSTALLATION = {
  clientId: 'client-1',
  clientSecret: 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy',
  refreshToken: 'refresh-1',
};
const contact = { facts: { email: 'zoe@buyer.test' } };
const MINUTE = 60_000;

const installed = (credentials: object = INSTALLATION) =>
  openPortal({ credentials, fake: { installation: INSTALLATION } });

describe('An app that was installed by OAuth', () => {
  test('asks for a token once, however many calls begin at the same moment', async () => {
    await using desk = await installed();
    await Promise.all(
      ['k1', 'k2', 'k3', 'k4'].map((key) => desk.call('person.upsert', contact, key)),
    );
    expect(desk.fake.tokens.asked).toBe(1);
    expect(desk.fake.calls[0]).toBe('POST /oauth/v3/token');
  });

  test('asks for another before the half hour is over, not after a refusal', async () => {
    await using desk = await installed();
    await desk.call('person.upsert', contact);
    desk.pass(28 * MINUTE);
    await desk.call('person.upsert', contact);
    expect(desk.fake.tokens.asked).toBe(1);
    desk.pass(1 * MINUTE);
    await desk.call('person.upsert', contact);
    expect(desk.fake.tokens.asked).toBe(2);
  });

  test('is not refreshed for a 401 alone: the app may have been removed', async () => {
    await using desk = await installed();
    await desk.call('person.upsert', contact);
    desk.fake.tokens.revoke();
    await expect(desk.call('person.upsert', contact)).rejects.toMatchObject({
      kind: 'auth',
      code: 'hubspot_credentials_refused',
    });
    expect(desk.fake.tokens.asked).toBe(1);
  });

  test('is refreshed once where HubSpot says that the token expired early', async () => {
    await using desk = await openPortal({
      credentials: INSTALLATION,
      fake: { installation: INSTALLATION },
      faults: [{ fault: 'token', times: 1 }],
    });
    await expect(desk.call('person.upsert', contact)).resolves.toMatchObject({ created: true });
    expect(desk.fake.tokens.asked).toBe(2);
  });

  test('that HubSpot knows no more has to be installed again', async () => {
    await using desk = await installed({ ...INSTALLATION, refreshToken: 'refresh-0' });
    await expect(desk.call('person.upsert', contact)).rejects.toMatchObject({
      kind: 'auth',
      code: 'hubspot_credentials_refused',
      message: expect.stringContaining('install the app again'),
    });
  });
});

test.each([
  ['a service key', { token: 'pat-test' }],
  ['the token of an app', { token: 'pat-test', clientSecret: 'secret' }],
])('%s is used as it is, and asks for no other', async (_, credentials) => {
  await using desk = await openPortal({ credentials, fake: { installation: INSTALLATION } });
  await desk.call('person.upsert', contact);
  desk.pass(24 * 60 * MINUTE);
  await desk.call('person.upsert', contact);
  expect(desk.fake.tokens.asked).toBe(0);
});

test.each([
  ['nothing', {}],
  ['a refresh token without its app', { refreshToken: 'r' }],
  ['both kinds', { ...INSTALLATION, token: 'pat-test' }],
])('%s is no way to be let in', async (_, credentials) => {
  await using desk = await openPortal({ credentials });
  await expect(desk.call('person.upsert', contact)).rejects.toMatchObject({ kind: 'config' });
});

describe('The paths of the API', () => {
  test.each<[string, object, readonly string[]]>([
    ['by default', {}, ['GET /crm/owners/2026-09', 'PATCH /crm/objects/2026-09/contacts/1001']],
    [
      'for a portal that stays with the numbered version',
      { apiVersion: 'v3' },
      ['GET /crm/v3/owners', 'PATCH /crm/v3/objects/contacts/1001'],
    ],
    [
      'where one family has a version of its own',
      { apiVersions: { owners: 'v3', objects: '2026-03' } },
      ['GET /crm/v3/owners', 'PATCH /crm/objects/2026-03/contacts/1001'],
    ],
  ])('have the version of their family: %s', async (_, settings, expected) => {
    await using desk = await openPortal({ settings: { ...settings } });
    const record = { kind: 'contact', id: desk.fake.createContact({ email: 'zoe@buyer.test' }) };
    await desk.call('person.assign', { record, owner: 'ada@acme.test', status: 'assigned' });
    expect(desk.fake.calls.slice(0, 2)).toEqual(expected);
  });

  test('of tokens are dated where the settings say so', async () => {
    await using desk = await openPortal({
      credentials: INSTALLATION,
      settings: { apiVersions: { oauth: '2026-09' } },
      fake: { installation: INSTALLATION },
    });
    await desk.call('person.upsert', contact);
    expect(desk.fake.calls[0]).toBe('POST /oauth/2026-09/token');
  });
});
