import fc from 'fast-check';
import { signedUri, signHubspot, verifyHubspot } from '#connectors/hubspot/signature.ts';
import type { RawRequest } from '#connectors/kit/connector.ts';
import { contentHash } from '#connectors/kit/signatures.ts';
import { CLIENT_SECRET, openPortal, received, TARGET_URL } from './hubspot-portal.ts';

const TWO_EVENTS =
  '[{"eventId":3816279340,"subscriptionId":25,"portalId":33,"appId":1160452,"occurredAt":1795313868123,"subscriptionType":"contact.propertyChange","attemptNumber":0,"objectId":1246965,"propertyName":"lifecyclestage","propertyValue":"marketingqualifiedlead","changeSource":"CRM_UI","sourceId":"userId:529872"},{"eventId":3816279480,"subscriptionId":22,"portalId":33,"appId":1160452,"occurredAt":1795313868200,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":1246978,"changeSource":"IMPORT","changeFlag":"NEW"}]';
const SIGNED_AT = 1_795_313_869_000;

const VECTORS = [
  {
    what: 'published with the tests of HubSpot’s own client',
    uri: 'https://www.example.com/webhook_uri',
    body: "{'example_field':'example_value'}",
    timestamp: '1693657560000',
    signature: 'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=',
  },
  {
    what: 'a batch of two',
    uri: TARGET_URL,
    body: TWO_EVENTS,
    timestamp: String(SIGNED_AT),
    signature: 'qcn5eVK51kN7hB9SKf/hggPK5o5a9BN/9XLbjD0WmsI=',
  },
  {
    what: 'an address with an encoded query',
    uri: `${TARGET_URL}?tenant=a%3Ab%2Fc&x=%28a%29`,
    body: '[]',
    timestamp: String(SIGNED_AT),
    signature: 'xgteZq0XDmc+I3yhklPypzj1QRWlz4dQCQO3o5AFf4w=',
  },
  {
    what: 'text beyond ASCII',
    uri: TARGET_URL,
    body: '[{"propertyName":"firstname","propertyValue":"Zoë 李"}]',
    timestamp: String(SIGNED_AT),
    signature: 'EECyiwRXt8M08ZPYLwX8o+y12ZLzVRif63rcqz65ozk=',
  },
] as const;

type Vector = Record<'uri' | 'body' | 'timestamp' | 'signature', string>;

function request(vector: Vector, more: Partial<RawRequest> = {}): RawRequest {
  return {
    method: 'POST',
    path: '/v1/in/hubspot',
    url: vector.uri,
    headers: {
      'x-hubspot-signature-v3': vector.signature,
      'x-hubspot-request-timestamp': vector.timestamp,
    },
    body: new TextEncoder().encode(vector.body),
    ...more,
  };
}

function verify(vector: Vector, more: Partial<RawRequest> = {}, now = Number(vector.timestamp)) {
  const sent = request(vector, more);
  verifyHubspot(CLIENT_SECRET, sent.url, sent, new Date(now));
}

const invalid = expect.objectContaining({ kind: 'auth', code: 'signature_invalid' });
const stale = expect.objectContaining({ kind: 'auth', code: 'signature_stale' });

describe('A signature of HubSpot', () => {
  test.each(VECTORS)('is as HubSpot makes it: $what', (vector) => {
    const { signature, ...signed } = vector;
    expect(signHubspot(CLIENT_SECRET, { method: 'POST', ...signed })).toBe(signature);
    expect(() => verify(vector)).not.toThrow();
  });

  test('is refused when one bit of it or of the body is another', () => {
    const vector = VECTORS[1];
    const bytes = [...new TextEncoder().encode(vector.body)];
    const place = fc.nat({ max: bytes.length - 1 });
    fc.assert(
      fc.property(place, fc.nat({ max: 7 }), (index, bit) => {
        const body = new Uint8Array(bytes.with(index, (bytes[index] ?? 0) ^ (1 << bit)));
        expect(() => verify(vector, { body })).toThrow(invalid);
      }),
    );
    for (const [index, character] of [...vector.signature].entries()) {
      const other = character === 'A' ? 'B' : 'A';
      const signature = [...vector.signature].with(index, other).join('');
      expect(() => verify({ ...vector, signature })).toThrow(invalid);
    }
  });

  test.each([
    ['another address', { url: `${TARGET_URL}/` }],
    ['another method', { method: 'PUT' }],
    ['no signature', { headers: { 'x-hubspot-request-timestamp': String(SIGNED_AT) } }],
    ['no time', { headers: { 'x-hubspot-signature-v3': VECTORS[1].signature } }],
    [
      'the older version alone',
      {
        headers: {
          'x-hubspot-signature': '232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de',
        },
      },
    ],
  ])('is refused with %s', (_, more) => {
    expect(() => verify(VECTORS[1], more)).toThrow(invalid);
  });

  test('is refused under another secret', () => {
    const sent = request(VECTORS[1]);
    expect(() => verifyHubspot('other', sent.url, sent, new Date(SIGNED_AT))).toThrow(invalid);
  });

  test('does not cover a time that is no number, even if it was signed', () => {
    const timestamp = 'soon';
    const { uri, body } = VECTORS[1];
    const signature = signHubspot(CLIENT_SECRET, { method: 'POST', uri, body, timestamp });
    const sent = request({ uri, body, timestamp, signature });
    expect(() => verifyHubspot(CLIENT_SECRET, uri, sent, new Date(SIGNED_AT))).toThrow(invalid);
  });

  test.each([
    ['5 minutes old', 300_000, true],
    ['a millisecond more than 5 minutes old', 300_001, false],
    ['5 minutes in the future', -300_000, true],
    ['a millisecond more in the future', -300_001, false],
  ])('that is %s: accepted %#', (_, age, isAccepted) => {
    const check = () => verify(VECTORS[1], {}, SIGNED_AT + age);
    if (isAccepted) expect(check).not.toThrow();
    else expect(check).toThrow(stale);
  });
});

describe('An older signature', () => {
  const V1 = contentHash(`${CLIENT_SECRET}${TWO_EVENTS}`);
  const V2 = contentHash(`${CLIENT_SECRET}POST${TARGET_URL}${TWO_EVENTS}`);
  const beside = (version: string, signature: string) => ({
    headers: {
      ...request(VECTORS[1]).headers,
      'x-hubspot-signature-version': version,
      'x-hubspot-signature': signature,
    },
  });

  test.each([
    ['v1', V1],
    ['v2', V2],
  ])('of version %s may come beside version 3', (version, signature) => {
    expect(() => verify(VECTORS[1], beside(version, signature))).not.toThrow();
  });

  test.each([
    ['v1', V2],
    ['v2', V1],
    ['v1', ''],
  ])('of version %s that is wrong spoils the one beside it', (version, signature) => {
    expect(() => verify(VECTORS[1], beside(version, signature))).toThrow(invalid);
  });

  const workflow = '{"id":"1001","properties":{}}';
  const sent = (body: string, uri = TARGET_URL) =>
    received(
      {
        method: 'POST',
        headers: {
          'x-hubspot-signature-version': 'v2',
          'x-hubspot-signature': contentHash(`${CLIENT_SECRET}POST${uri}${body}`),
        },
        body,
      },
      uri,
    );

  test.each([
    ['the record of a workflow, where the settings take it', true, workflow, true],
    ['the record of a workflow, unless the settings take it', false, workflow, false],
    ['a batch of events, whatever the settings say', true, '[]', false],
    ['nonsense', true, 'x', false],
  ])('alone counts for %s', async (_, acceptV2FromWorkflows, body, isTaken) => {
    await using desk = await openPortal({ settings: { acceptV2FromWorkflows } });
    const opened = desk.open(sent(body));
    if (isTaken) await expect(opened).resolves.toHaveLength(1);
    else await expect(opened).rejects.toMatchObject({ code: 'signature_invalid' });
  });

  test('alone never counts when its address or body was changed', async () => {
    await using desk = await openPortal({ settings: { acceptV2FromWorkflows: true } });
    const good = sent(workflow);
    const other = { ...good, url: `${TARGET_URL}?means=qualified` };
    await expect(desk.open(other)).rejects.toMatchObject({ code: 'signature_invalid' });
    const body = new TextEncoder().encode('{"id":"1002","properties":{}}');
    await expect(desk.open({ ...good, body })).rejects.toMatchObject({ kind: 'auth' });
  });

  test('is never asked for by a connection without a secret: nothing is believed', async () => {
    await using desk = await openPortal({ credentials: { token: 'pat-test' } });
    await expect(desk.open(desk.signed('[]'))).rejects.toMatchObject({
      kind: 'auth',
      code: 'hubspot_secret_missing',
    });
  });
});

describe('The address that HubSpot signs', () => {
  test.each([
    ['%3A', ':'],
    ['%2F', '/'],
    ['%3F', '?'],
    ['%40', '@'],
    ['%21', '!'],
    ['%24', '$'],
    ['%27', "'"],
    ['%28', '('],
    ['%29', ')'],
    ['%2A', '*'],
    ['%2C', ','],
    ['%3B', ';'],
    ['%3b', ';'],
    ['%20', '%20'],
    ['%26', '%26'],
    ['%3D', '%3D'],
    ['%253A', '%253A'],
    ['?', '?'],
  ])('has %s as %s', (sent, signed) => {
    expect(signedUri(`https://h.test/a?b=${sent}c`)).toBe(`https://h.test/a?b=${signed}c`);
  });
});
