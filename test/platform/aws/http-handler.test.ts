import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import { type ErrorKind, HubError } from '#core/errors.ts';
import { type HttpRequest, httpHandler } from '#platform/aws/http-handler.ts';
import { httpEvent } from '#test/support/lambda-events.ts';
import { silenced } from '#test/support/silenced.ts';

const OK = { status: 200, headers: {}, body: '' };

/** What a handler was given for an event. */
async function requestOf(event: APIGatewayProxyEventV2, publicUrl?: string): Promise<HttpRequest> {
  const seen: HttpRequest[] = [];
  const handler = httpHandler(async (request) => {
    seen.push(request);
    return OK;
  }, publicUrl);
  await handler(event, {} as Context);
  return seen[0] as HttpRequest;
}

async function answerTo(
  error: unknown,
  event = httpEvent({ path: '/in/x/y' }),
): Promise<APIGatewayProxyStructuredResultV2> {
  const handler = httpHandler(async () => {
    throw error;
  });
  return (await handler(event, {} as Context)) as APIGatewayProxyStructuredResultV2;
}

describe('httpHandler hands on', () => {
  test('the bytes of a body that came as base64, unchanged', async () => {
    const bytes = Buffer.from([0, 255, 195, 40, 13, 10]);
    const event = httpEvent({ path: '/in/x/y', body: bytes.toString('base64'), base64: true });
    expect(Buffer.from((await requestOf(event)).body)).toEqual(bytes);
  });

  test('the UTF-8 of a body that came as text', async () => {
    const event = httpEvent({ path: '/in/x/y', body: '{"name":"Zoë 🎉"}' });
    expect(Buffer.from((await requestOf(event)).body).toString()).toBe('{"name":"Zoë 🎉"}');
  });

  test('no body as no bytes', async () => {
    expect((await requestOf(httpEvent({ path: '/health' }))).body).toEqual(new Uint8Array());
  });

  test('path, query and parameters as they were sent', async () => {
    const event = httpEvent({
      path: '/in/hubspot/crm',
      query: 'a=1&b=%C3%A9',
      parameters: { vendor: 'hubspot', connection: 'crm' },
    });
    expect(await requestOf(event)).toMatchObject({
      method: 'POST',
      path: '/in/hubspot/crm?a=1&b=%C3%A9',
      url: 'https://api.example.com/in/hubspot/crm?a=1&b=%C3%A9',
      parameters: { vendor: 'hubspot', connection: 'crm' },
    });
  });

  test('the address that vendors were given, where it is another', async () => {
    const request = await requestOf(httpEvent({ path: '/in/x/y' }), 'https://hub.example.com');
    expect(request.url).toBe('https://hub.example.com/in/x/y');
  });

  test('header names in lower case', async () => {
    const event = httpEvent({ path: '/x', headers: { 'X-HubSpot-Signature': 'abc' } });
    expect((await requestOf(event)).headers).toMatchObject({ 'x-hubspot-signature': 'abc' });
  });
});

describe('httpHandler answers', () => {
  test('what the use case answers', async () => {
    const handler = httpHandler(async () => ({
      status: 202,
      headers: { 'Content-Type': 'text/xml' },
      body: '<ok/>',
    }));
    expect(await handler(httpEvent({ path: '/x' }), {} as Context)).toEqual({
      statusCode: 202,
      headers: { 'Content-Type': 'text/xml' },
      body: '<ok/>',
    });
  });

  test.each<[ErrorKind, number]>([
    ['auth', 401],
    ['data', 422],
    ['conflict', 409],
  ])('a HubError %s with %i and its message', async (kind, status) => {
    const answer = await answerTo(new HubError(kind, 'some_code', 'What to do next.'));
    expect(answer).toMatchObject({ statusCode: status });
    expect(answer.headers).toMatchObject({ 'Content-Type': 'application/json' });
    expect(JSON.parse(answer.body ?? '')).toEqual({
      error: { code: 'some_code', message: 'What to do next.' },
    });
  });

  test.each<[string, unknown, number, string]>([
    ['a setting that is wrong', new HubError('config', 'c', 'names: crm, map'), 500, 'c'],
    ['a defect', new HubError('defect', 'd', 'at /var/task'), 500, 'd'],
    ['an error of any other kind', new TypeError('x is undefined'), 500, 'defect'],
    ['something thrown that is no error', 'secret', 500, 'defect'],
    ['a trouble that passes', new HubError('retry', 'aws_busy', 'table baton'), 503, 'aws_busy'],
  ])('%s without telling what is inside', async (_what, error, status, code) => {
    const { result: answer, logged } = await silenced(() => answerTo(error));
    expect(answer.statusCode).toBe(status);
    expect(JSON.parse(answer.body ?? '')).toEqual({
      error: { code, message: 'The hub could not do this.' },
    });
    expect(logged).toHaveLength(1);
  });

  test('a trouble that passes with the time to wait', async () => {
    const error = new HubError('retry', 'busy', 'later', { retryAfterMs: 12_300 });
    const { result: answer } = await silenced(() => answerTo(error));
    expect(answer.headers).toMatchObject({ 'Retry-After': '13' });
  });

  test('a body that is too large with 413, before anybody reads it', async () => {
    const event = httpEvent({ path: '/in/x/y', body: 'ä'.repeat(500_001) });
    const answer = await answerTo(new Error('must not be reached'), event);
    expect(answer.statusCode).toBe(413);
    expect(JSON.parse(answer.body ?? '').error.code).toBe('body_too_large');
  });

  test('a body of just the size that is allowed', async () => {
    const event = httpEvent({ path: '/in/x/y', body: 'ä'.repeat(500_000) });
    expect((await requestOf(event)).body).toHaveLength(1_000_000);
  });
});
