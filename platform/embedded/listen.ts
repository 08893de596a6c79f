import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RawResponse } from '#connectors/kit/connector.ts';
import { MOST_BODY_BYTES } from '#core/api.ts';
import { HubError } from '#core/errors.ts';
import { refusal, type WebAnswer } from './router.ts';

export interface Listening extends AsyncDisposable {
  readonly url: string;
  /** Takes no more requests and answers those that are under way. */
  close(): Promise<void>;
}

/** Vendors give up after 3 to 30 seconds; who takes longer to send a megabyte only holds a socket. */
const REQUEST_WITHIN_MS = 30_000;
/** Longer than the minute for which common proxies keep a connection: they must let go first. */
const KEPT_OPEN_MS = 75_000;
/** How long somebody may go on sending who was told that it is too much, to come to read it. */
const LINGER_MS = 1_000;
const LET_GO_EACH_MS = 50;

/**
 * Answers requests on a port of this machine; any free one for 0. Speaks `node:http` itself: the
 * `Request` and streams of the web's standard cost three times what the hub does with a webhook.
 */
export async function listen(answer: WebAnswer, port: number): Promise<Listening> {
  const underWay = new Set<ServerResponse>();
  const server = createServer(
    { requestTimeout: REQUEST_WITHIN_MS, keepAliveTimeout: KEPT_OPEN_MS },
    (request, response) => {
      underWay.add(response);
      response.once('close', () => underWay.delete(response));
      void respond(answer, request, response);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(unavailable(port, cause)));
    server.listen(port, '127.0.0.1', resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      for (const response of underWay) response.shouldKeepAlive = false;
      // Connections that are only kept open for a next request would keep the server, too.
      const letGo = setInterval(() => server.closeIdleConnections(), LET_GO_EACH_MS);
      server.close(() => {
        clearInterval(letGo);
        resolve();
      });
      server.closeIdleConnections();
    });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function respond(
  answer: WebAnswer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  // Whoever hung up hears no answer.
  if (body === 'broken') return;
  if (body === 'too large') return refuseBody(request, response);
  const { method = '', url = '', headers } = request;
  send(response, await answer({ method, path: url, headers: single(headers), body }));
}

/** The whole body; one that is too large is not read to its end. */
function bodyOf(request: IncomingMessage): Promise<Buffer | 'too large' | 'broken'> {
  if (Number(request.headers['content-length']) > MOST_BODY_BYTES)
    return Promise.resolve('too large');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MOST_BODY_BYTES) resolve('too large');
      else chunks.push(chunk);
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', () => resolve('broken'));
  });
}

/** A sender reads its answer once it has sent everything, so what is left of it is thrown away for a while. */
function refuseBody(request: IncomingMessage, response: ServerResponse): void {
  send(response, refusal(413, 'body_too_large', `A body may have ${MOST_BODY_BYTES} bytes.`));
  request.removeAllListeners('data').resume();
  setTimeout(() => {
    if (!request.complete) request.destroy();
  }, LINGER_MS).unref();
}

function send(response: ServerResponse, { status, headers, body }: RawResponse): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}

/** Only `set-cookie` comes as a list, and it is for answers. */
function single(headers: IncomingMessage['headers']): Record<string, string> {
  delete headers['set-cookie'];
  return headers as Record<string, string>;
}

function unavailable(port: number, cause: NodeJS.ErrnoException): HubError {
  const why =
    cause.code === 'EADDRINUSE'
      ? `Port ${port} is taken by another program`
      : `Port ${port} can't be opened (${cause.code})`;
  return new HubError(
    'config',
    'port_unavailable',
    `${why}: choose another one with --port, or "port" in baton.json.`,
    { cause },
  );
}
