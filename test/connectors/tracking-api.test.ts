import { memorySecrets } from '#cli/sandbox/memory-secrets.ts';
import { TRACKER } from '#connectors/kit/tracker/script.ts';
import { segment } from '#connectors/segment/connector.ts';
import { virtualClock } from '#platform/embedded/clock.ts';
import { openEmbeddedHub } from '#platform/embedded/hub.ts';
import { hubAnswer } from '#platform/embedded/server.ts';
import { MORNING } from '#test/support/embedded-store.ts';
import { shippedPlaybook } from '#test/support/shipped-playbook.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const SHOP = 'https://www.example.com';
const BLOG = 'https://blog.example.com';

/** A hub that hears two websites, each with a key of its own. */
async function openHub() {
  const folder = temporaryFolder();
  const playbook = await shippedPlaybook();
  const embedded = openEmbeddedHub({
    folder: folder.path,
    durability: 'process-end',
    playbook,
    connectors: { segment },
    connections: [
      { name: 'shop', vendor: 'segment', roles: [], settings: { sites: [SHOP] } },
      { name: 'blog', vendor: 'segment', roles: [], settings: { sites: [BLOG] } },
    ],
    secrets: memorySecrets({ shop: { writeKey: 'shop-key' }, blog: { writeKey: 'blog-key' } }),
    mail: { send: async () => {} },
    clock: virtualClock(MORNING),
    publicUrl: 'https://hub.example',
  });
  const answer = hubAnswer(() => embedded);
  return {
    ask: (method: string, path: string, headers: Record<string, string> = {}, body: object = {}) =>
      answer({ method, path, headers, body: Buffer.from(JSON.stringify(body)) }),
    taken: () => embedded.jobs.count(MORNING.getTime()).open,
    async [Symbol.asyncDispose]() {
      await embedded.close();
      folder[Symbol.dispose]();
    },
  };
}

const NAMES = ['track', 'identify', 'page', 'screen', 'group', 'alias'];
const CALLS = [...NAMES, ...NAMES.map((name) => name.charAt(0))];
const BATCHES = ['batch', 'b', 'import'];

test.each(CALLS)('/v1/%s is a call', async (call) => {
  await using hub = await openHub();
  const body = { writeKey: 'blog-key', anonymousId: 'a1', event: 'Form Submitted' };
  await expect(hub.ask('POST', `/v1/${call}`, {}, body)).resolves.toMatchObject({
    status: 200,
    body: '{"success":true}',
  });
  expect(hub.taken()).toBe(1);
});

test.each(BATCHES)('/v1/%s takes several', async (call) => {
  await using hub = await openHub();
  const authorization = `Basic ${Buffer.from('shop-key:').toString('base64')}`;
  const batch = ['a1', 'a2'].map((anonymousId) => ({ type: 'page', anonymousId }));
  const answer = await hub.ask('POST', `/v1/${call}`, { authorization }, { batch });
  expect(answer.status).toBe(200);
  expect(hub.taken()).toBe(2);
});

test.each([
  ['a call that there is not', 'POST', '/v1/delete', 404, 'call_unknown'],
  ['a key of nobody', 'POST', '/v1/page', 401, 'write_key_unknown'],
  ['another verb', 'GET', '/v1/page', 405, 'method_refused'],
  ['another file', 'GET', '/v1/other.js', 405, 'method_refused'],
])('%s is refused', async (_case, method, path, status, code) => {
  await using hub = await openHub();
  const answer = await hub.ask(method, path, {}, { writeKey: 'shop-key-2' });
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.body)).toMatchObject({ error: { code } });
  expect(hub.taken()).toBe(0);
});

describe('a browser', () => {
  test.each([
    ['a site of any connection', SHOP, SHOP],
    ['the other site', BLOG, BLOG],
    ['a site of nobody', 'https://elsewhere.example', undefined],
    ['a site that begins like one', `${SHOP}.elsewhere.example`, undefined],
  ])('that asks for %s learns whether its pages may call', async (_case, origin, allowed) => {
    await using hub = await openHub();
    const answer = await hub.ask('OPTIONS', '/v1/track', {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    });
    expect(answer.status).toBe(204);
    expect(answer.headers['vary']).toBe('origin');
    expect(answer.headers['access-control-allow-origin']).toBe(allowed);
    expect(answer.headers['access-control-allow-headers']).toBe(
      allowed && 'authorization, content-type',
    );
  });

  test.each([
    ['reads the answer on a site of the key’s own connection', SHOP, SHOP],
    ['reads no answer on a site of another one', BLOG, undefined],
  ])('%s', async (_case, origin, allowed) => {
    await using hub = await openHub();
    const body = { writeKey: 'shop-key', anonymousId: 'a1' };
    const answer = await hub.ask('POST', '/v1/page', { origin }, body);
    expect(answer.status).toBe(200);
    expect(answer.headers['access-control-allow-origin']).toBe(allowed);
  });

  test('gets the script, may keep it, and is told when its copy is still good', async () => {
    await using hub = await openHub();
    const first = await hub.ask('GET', '/v1/baton.js');
    expect(first).toMatchObject({
      status: 200,
      body: TRACKER,
      headers: {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=3600',
      },
    });
    const again = { 'if-none-match': first.headers['etag'] ?? '' };
    await expect(hub.ask('GET', '/v1/baton.js', again)).resolves.toMatchObject({
      status: 304,
      body: '',
    });
  });
});
