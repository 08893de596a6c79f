import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { verifyHubspot, verifyHubspotV1, verifyHubspotV2 } from '#connectors/hubspot/signature.ts';
import { equalSecrets, hmac } from '#connectors/kit/signatures.ts';
import { verifySegment } from '#connectors/segment/signature.ts';
import { verifySlackV0 } from '#connectors/slack/signature.ts';

/** Vectors that vendors published, and some computed by their documented algorithms. */
const FILE = '../shared/vectors/signatures.json';

const Vector = z.object({
  name: z.string(),
  secret: z.string(),
  body: z.string(),
  sig: z.string(),
  ts: z.string().optional(),
  method: z.string().optional(),
  uri: z.string().optional(),
});
type Vector = z.infer<typeof Vector>;

/** A signed request: what can be changed on its way. */
type Signed = Vector & { readonly bytes: Uint8Array };

/** How each scheme is verified; throws when it refuses. The first word of a vector's name picks. */
const VERIFIERS: readonly (readonly [RegExp, (signed: Signed) => void])[] = [
  [/^hubspot v1/, (signed) => verifyHubspotV1(signed.secret, older(signed))],
  [/^hubspot v2/, (signed) => verifyHubspotV2(signed.secret, signed.uri ?? '', older(signed))],
  [/^hubspot v3/, hubspotV3],
  [/^slack v0/, slackV0],
  [
    /^segment/,
    (signed) => verifySegment(request(signed, { 'x-signature': signed.sig }), signed.secret),
  ],
  [/^generic sha256=/, generic],
];

const vectors = existsSync(FILE)
  ? z.array(Vector).parse(JSON.parse(readFileSync(FILE, 'utf8')))
  : [];
const suite = vectors.length > 0 ? describe : describe.skip;

suite(`the vectors of ${FILE}`, () => {
  test('each one is known to this test', () => {
    expect(vectors.filter(({ name }) => verifierOf(name) === undefined)).toEqual([]);
    expect(vectors.length).toBeGreaterThanOrEqual(10);
  });

  test.each(vectors.map((vector) => [vector.name, vector] as const))(
    '%s is accepted',
    (_name, vector) => {
      expect(refusal(signed(vector))).toBeUndefined();
    },
  );

  test.each(vectors.map((vector) => [vector.name, vector] as const))(
    '%s is refused with any one byte of its body changed',
    (_name, vector) => {
      const accepted = positions(signed(vector).bytes).filter((changed) => {
        return refusal({ ...signed(vector), bytes: changed }) === undefined;
      });
      expect(accepted).toEqual([]);
    },
  );

  test.each(vectors.map((vector) => [vector.name, vector] as const))(
    '%s is refused with any one byte of its signature changed',
    (_name, vector) => {
      const accepted = positions(Buffer.from(vector.sig)).filter((changed) => {
        const sig = Buffer.from(changed).toString('latin1');
        return refusal({ ...signed(vector), sig }) === undefined;
      });
      expect(accepted).toEqual([]);
    },
  );

  test.each(
    vectors.filter(({ ts }) => ts !== undefined).map((vector) => [vector.name, vector] as const),
  )('%s is refused with another time', (_name, vector) => {
    expect(refusal({ ...signed(vector), ts: String(Number(vector.ts) + 1) })).toBe('auth');
  });
});

function verifierOf(name: string) {
  return VERIFIERS.find(([pattern]) => pattern.test(name))?.[1];
}

function signed(vector: Vector): Signed {
  return { ...vector, bytes: Buffer.from(vector.body) };
}

/** The kind of the error with which a request is refused; nothing when it is accepted. */
function refusal(one: Signed): string | undefined {
  try {
    verifierOf(one.name)?.(one);
    return undefined;
  } catch (error) {
    return (error as { kind: string }).kind;
  }
}

/** The same bytes with one bit flipped, once for each position. */
function positions(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_, index) => {
    const changed = Uint8Array.from(bytes);
    changed.set([(changed[index] ?? 0) ^ 1], index);
    return changed;
  });
}

function request({ method = 'POST', uri = '', bytes }: Signed, headers: Record<string, string>) {
  return { method, path: uri, url: uri, headers, body: bytes };
}

const older = (one: Signed) => request(one, { 'x-hubspot-signature': one.sig });

function hubspotV3(one: Signed): void {
  const { secret, uri = '', ts = '', sig } = one;
  const headers = { 'x-hubspot-signature-v3': sig, 'x-hubspot-request-timestamp': ts };
  verifyHubspot(secret, uri, request(one, headers), new Date(Number(ts)));
}

function slackV0(one: Signed): void {
  const { secret, ts = '', sig } = one;
  const headers = { 'x-slack-signature': sig, 'x-slack-request-timestamp': ts };
  verifySlackV0(request(one, headers), secret, new Date(Number(ts) * 1000));
}

/** No vendor's: shows that the kit's parts add up to the scheme that others use. */
function generic({ secret, bytes, sig }: Signed): void {
  if (!equalSecrets(sig, `sha256=${hmac('sha256', secret, [bytes], 'hex')}`)) {
    throw Object.assign(new Error('refused'), { kind: 'auth' });
  }
}
