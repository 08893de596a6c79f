import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sessionRefused } from '#connectors/salesforce/failure.ts';
import { ADA, openOrganization } from './salesforce-organization.ts';

describe('A session', () => {
  const reads = (org: Awaited<ReturnType<typeof openOrganization>>, id: string, times: number) =>
    Promise.all(
      Array.from({ length: times }, () =>
        org.call('person.read', { record: { kind: 'lead', id } }),
      ),
    );

  test('is opened once for all that call at once, and again only once when it was ended', async () => {
    await using org = await openOrganization();
    const id = org.fake.createLead({ Email: 'z@b.test', LastName: 'Z', Company: 'B' }, ADA);
    await reads(org, id, 8);
    expect(org.fake.sessionsOpened()).toBe(1);
    org.fake.endSessions();
    await reads(org, id, 8);
    expect(org.fake.sessionsOpened()).toBe(2);
  });

  test('is opened once even for those who learn late that the old one ended', async () => {
    let late = 0;
    await using org = await openOrganization({
      between: () => async (context, next) => {
        const isRead = context.req.path.endsWith('/query');
        await next();
        // Every second refusal is on its way until the others have a new session.
        if (isRead && context.res.status === 401 && late++ % 2 === 1) await sleep(50);
      },
    });
    const id = org.fake.createLead({ Email: 'z@b.test', LastName: 'Z', Company: 'B' }, ADA);
    await reads(org, id, 1);
    org.fake.endSessions();
    await reads(org, id, 4);
    expect(late).toBe(4);
    expect(org.fake.sessionsOpened()).toBe(2);
  });

  test('that is refused as soon as it is opened is not opened for ever', async () => {
    await using org = await openOrganization({
      between: (fake) => async (context, next) => {
        if (context.req.path.endsWith('/query')) fake.endSessions();
        await next();
      },
    });
    const read = org.call('person.read', { record: { kind: 'lead', id: '00Q000000000001EAA' } });
    await expect(read).rejects.toMatchObject({ kind: 'auth' });
    expect(org.fake.sessionsOpened()).toBe(2);
  });

  test.each([
    ['is opened anew when it ended', 401, 'INVALID_SESSION_ID', true],
    ['is opened anew when its header is no good', 401, 'INVALID_AUTH_HEADER', true],
    ['is kept when the login is refused', 401, 'invalid_client', false],
    ['is kept when a right is missing', 403, 'INVALID_SESSION_ID', false],
  ])('%s', (_, status, code, expected) => {
    expect(
      sessionRefused({ status, headers: {}, body: [{ message: 'no', errorCode: code }] }),
    ).toBe(expected);
  });

  test('that timed out is opened anew', async () => {
    await using org = await openOrganization();
    const id = org.fake.createLead({ Email: 'z@b.test', LastName: 'Z', Company: 'B' }, ADA);
    await reads(org, id, 1);
    org.pass(2 * 60 * 60_000);
    await reads(org, id, 1);
    expect(org.fake.sessionsOpened()).toBe(2);
  });

  test('is refused to a wrong secret, and nobody tries again by themselves', async () => {
    const credentials = { flow: 'client-credentials', clientId: '3MVG9', clientSecret: 'wrong' };
    await using org = await openOrganization({ credentials });
    await expect(org.call('person.upsert', { facts: { email: 'z@b.test' } })).rejects.toMatchObject(
      {
        kind: 'auth',
        code: 'salesforce_credentials_refused',
      },
    );
    expect(org.fake.sessionsOpened()).toBe(0);
  });

  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const jwt = (username: string, privateKey: string = keys.privateKey) =>
    openOrganization({
      credentials: { flow: 'jwt-bearer', clientId: '3MVG9', username, privateKey },
      fake: { publicKey: keys.publicKey, username: 'hub@acme.test' },
    });

  test('is opened with a signed assertion', async () => {
    await using org = await jwt('hub@acme.test');
    await expect(
      org.call('person.upsert', { facts: { email: 'z@b.test' } }),
    ).resolves.toMatchObject({ created: true });
  });

  test('is refused to a user whom the app does not know', async () => {
    await using org = await jwt('else@acme.test');
    await expect(org.call('person.upsert', { facts: { email: 'z@b.test' } })).rejects.toMatchObject(
      {
        kind: 'auth',
      },
    );
  });

  test('with a key that can’t sign is a matter of the credentials', async () => {
    await using org = await jwt('hub@acme.test', '-----BEGIN PRIVATE KEY-----\nAAAA');
    await expect(org.call('person.upsert', { facts: { email: 'z@b.test' } })).rejects.toMatchObject(
      {
        kind: 'config',
        code: 'salesforce_private_key_unusable',
      },
    );
  });
});
