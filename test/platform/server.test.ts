import { Agent, type IncomingMessage, request } from 'node:http';
import { MOST_BODY_BYTES } from '#core/api.ts';
import { HubError } from '#core/errors.ts';
import { listen } from '#platform/embedded/listen.ts';
import {
  type Endpoint,
  jsonAnswer,
  type RoutedRequest,
  router,
} from '#platform/embedded/router.ts';

const echo = async ({ method, path, parameters, headers, body }: RoutedRequest) =>
  jsonAnswer({ method, path, parameters, type: headers['content-type'], bytes: body.length });

const ENDPOINTS: readonly Endpoint[] = [
  { method: 'POST', path: '/in/{vendor}/{connection}', answer: echo },
  { method: 'GET', path: '/h/{token}', answer: echo },
  { method: 'POST', path: '/h/{token}', answer: echo },
  {
    method: 'GET',
    path: '/fails/{kind}',
    answer: async ({ parameters: { kind } }) => {
      if (kind === 'retry') throw new HubError('retry', 'hub_starting', 'The hub is starting.');
      if (kind === 'auth') throw new HubError('auth', 'signature_invalid', 'Not genuine.');
      if (kind === 'data') throw new HubError('data', 'connection_unknown', 'No such connection.');
      throw new Error('secret things');
    },
  },
];

const serve = (endpoints = ENDPOINTS) => listen(router(endpoints), 0);

const FOUND: [what: string, method: string, path: string, answer: object][] = [
  [
    'the parts of a path, decoded',
    'POST',
    '/in/hub%20spot/c%C3%BC?a=1&b=%2F',
    {
      path: '/in/hub%20spot/c%C3%BC?a=1&b=%2F',
      parameters: { vendor: 'hub spot', connection: 'cü' },
    },
  ],
  ['a part that is no code', 'GET', '/h/100%', { parameters: { token: '100%' } }],
  ['one of two methods', 'POST', '/h/token', { method: 'POST', parameters: { token: 'token' } }],
];

test.each(FOUND)('finds %s', async (_what, method, path, answer) => {
  await using server = await serve();
  const response = await fetch(`${server.url}${path}`, { method });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject(answer);
});

test('HEAD is GET without the body', async () => {
  await using server = await serve();
  const response = await fetch(`${server.url}/h/token`, { method: 'HEAD' });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('');
});

const REFUSED: [what: string, method: string, path: string, status: number, code: string][] = [
  ['an address of nothing', 'GET', '/', 404, 'route_unknown'],
  ['a part too few', 'POST', '/in/hubspot', 404, 'route_unknown'],
  ['a part too many', 'POST', '/in/hubspot/crm/more', 404, 'route_unknown'],
  ['an empty part', 'POST', '/in/hubspot/', 404, 'route_unknown'],
  ['a method that the address does not take', 'GET', '/in/hubspot/crm', 405, 'method_refused'],
  ['a method that nothing takes', 'DELETE', '/h/token', 405, 'method_refused'],
  ['what the hub refuses', 'GET', '/fails/auth', 401, 'signature_invalid'],
  ['what is not there', 'GET', '/fails/data', 404, 'connection_unknown'],
  ['what may work later', 'GET', '/fails/retry', 503, 'hub_starting'],
  ['what nobody foresaw', 'GET', '/fails/by-itself', 500, 'hub_broken'],
];

test.each(REFUSED)('answers %s', async (_what, method, path, status, code) => {
  await using server = await serve();
  const response = await fetch(`${server.url}${path}`, { method });
  expect(response.status).toBe(status);
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject({ error: { code } });
  expect(text).not.toContain('secret things');
});

test('says which methods an address takes', async () => {
  await using server = await serve();
  const response = await fetch(`${server.url}/h/token`, { method: 'DELETE' });
  expect(response.headers.get('allow')).toBe('GET, HEAD, POST');
});

describe('a body', () => {
  const post = (url: string, body: RequestInit['body']) =>
    fetch(`${url}/in/a/b`, { method: 'POST', body: body ?? null, duplex: 'half' } as RequestInit);
  const inChunks = (bytes: number) =>
    new Blob([new Uint8Array(bytes)]).stream() as unknown as RequestInit['body'];

  test.each([
    ['whose length is told', (bytes: number) => new Uint8Array(bytes)],
    ['in chunks', inChunks],
  ])('%s is taken up to its limit and refused above', async (_how, made) => {
    await using server = await serve();
    const taken = await post(server.url, made(MOST_BODY_BYTES));
    expect(await taken.json()).toMatchObject({ bytes: MOST_BODY_BYTES });
    const refused = await post(server.url, made(MOST_BODY_BYTES + 1));
    expect(refused.status).toBe(413);
    expect(await refused.json()).toMatchObject({ error: { code: 'body_too_large' } });
    const much = await post(server.url, made(20 * MOST_BODY_BYTES));
    expect(much.status).toBe(413);
  });

  test('that is said to be too large is refused before it comes, and not waited for', async () => {
    await using server = await serve();
    const headers = { 'content-length': String(MOST_BODY_BYTES + 1) };
    const sent = request(`${server.url}/in/a/b`, { method: 'POST', headers });
    sent.flushHeaders();
    const answer = await new Promise<IncomingMessage>((resolve) => sent.once('response', resolve));
    expect(answer.statusCode).toBe(413);
    answer.resume();
    // The server hangs up by itself; until then the client is in the middle of its request.
    await new Promise((resolve) => sent.once('close', resolve).once('error', () => {}));
  });
});

test('a connection takes one request after the other', async () => {
  await using server = await serve();
  using agent = keptAlive();
  const ports: (number | undefined)[] = [];
  for (let count = 0; count < 3; count += 1) {
    const { status, port } = await ask(`${server.url}/h/token`, agent.agent);
    expect(status).toBe(200);
    ports.push(port);
  }
  expect(new Set(ports).size).toBe(1);
});

test('a server that closes answers what is under way, and takes nothing more', async () => {
  let arrived = () => {};
  const inside = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  let goOn = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const slow: Endpoint = {
    method: 'GET',
    path: '/slow',
    answer: async () => {
      arrived();
      await held;
      return jsonAnswer({ done: true });
    },
  };
  const server = await serve([slow]);
  using agent = keptAlive();
  const underWay = ask(`${server.url}/slow`, agent.agent);
  await inside;
  let closed = false;
  const closing = server.close().then(() => {
    closed = true;
  });
  await expect(fetch(`${server.url}/slow`)).rejects.toThrow();
  expect(closed).toBe(false);
  goOn();
  expect(await underWay).toMatchObject({ status: 200, connection: 'close' });
  // Ends although the client would keep its connection.
  await closing;
});

test('a port that is taken is an error that says what to do', async () => {
  await using server = await serve();
  const port = Number(new URL(server.url).port);
  await expect(listen(router([]), port)).rejects.toMatchObject({
    code: 'port_unavailable',
    message: expect.stringContaining('--port'),
  });
});

function keptAlive() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return { agent, [Symbol.dispose]: () => agent.destroy() };
}

function ask(url: string, agent: Agent) {
  return new Promise<{ status?: number; port?: number; connection?: string }>((resolve, reject) => {
    request(url, { agent }, (answer) => {
      const { statusCode: status, headers, socket } = answer;
      const { localPort: port } = socket;
      const { connection } = headers;
      answer.resume().once('end', () => resolve({ status, port, connection } as never));
    })
      .once('error', reject)
      .end();
  });
}
