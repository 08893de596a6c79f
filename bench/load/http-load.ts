import { connect, type Socket } from 'node:net';

export interface Load {
  readonly answered: number;
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
}

interface LoadOptions {
  readonly connections: number;
  /** The next request as bytes; `undefined` when there is none. */
  readonly next: () => string | undefined;
  /** Requests a second over all connections; as fast as the server answers where absent. */
  readonly perSecond?: number | undefined;
}

/**
 * Sends requests over kept-alive connections, each waiting for its answer before the next. Speaks
 * HTTP over bare sockets: a client library would cost more than the server that is measured.
 */
export async function sendLoad(url: string, options: LoadOptions): Promise<Load> {
  const { hostname, port } = new URL(url);
  const lines = await Promise.all(
    Array.from({ length: options.connections }, () => dial(hostname, Number(port))),
  );
  // A server accepts one connection a turn: who is accepted last would be measured as a slow answer.
  await Promise.all(lines.map((line) => line.ask(GREETING)));
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const pace = pacer(startedAt, options.perSecond);
  await Promise.all(
    lines.map(async (line) => {
      for (let request = options.next(); request !== undefined; request = options.next()) {
        await pace();
        const sentAt = performance.now();
        await line.ask(request);
        latenciesMs.push(performance.now() - sentAt);
      }
      line.hangUp();
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  return { answered: latenciesMs.length, seconds, latenciesMs };
}

/** Answered with success by the hub, and by everything else that is measured. */
const GREETING = 'GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n';

/** As many requests as fit into the time, which begins with the first. */
export function forSeconds(
  seconds: number,
  request: (index: number) => string,
  counter: { next: number },
): () => string | undefined {
  let until: number | undefined;
  return () => {
    until ??= performance.now() + seconds * 1000;
    if (performance.now() >= until) return undefined;
    counter.next += 1;
    return request(counter.next - 1);
  };
}

/** As many requests as asked for. */
export function exactly(
  count: number,
  request: (index: number) => string,
  counter: { next: number },
): () => string | undefined {
  const end = counter.next + count;
  return () => {
    if (counter.next >= end) return undefined;
    counter.next += 1;
    return request(counter.next - 1);
  };
}

/** Hands out the moments of an even load, whoever asks. */
function pacer(startedAt: number, perSecond: number | undefined): () => Promise<void> {
  let given = 0;
  return async () => {
    if (perSecond === undefined) return;
    const wait = startedAt + (given * 1000) / perSecond - performance.now();
    given += 1;
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  };
}

interface Line {
  ask(request: string): Promise<void>;
  hangUp(): void;
}

async function dial(host: string, port: number): Promise<Line> {
  const socket = connect({ host, port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return { ask: (request) => answerTo(socket, request), hangUp: () => socket.destroy() };
}

function answerTo(socket: Socket, request: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const settle = (error?: Error) => {
      socket.off('data', read);
      socket.off('close', closed);
      if (error === undefined) resolve();
      else reject(error);
    };
    const closed = () => settle(new Error(`The server hung up: ${answer}`));
    const read = (chunk: Buffer) => {
      answer += chunk.toString('latin1');
      if (!isWhole(answer)) return;
      const isWell = answer.startsWith('HTTP/1.1 2');
      settle(isWell ? undefined : new Error(`The server refused: ${answer}`));
    };
    socket.on('data', read);
    socket.on('close', closed);
    socket.write(request);
  });
}

function isWhole(answer: string): boolean {
  const headEnd = answer.indexOf('\r\n\r\n');
  if (headEnd < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, headEnd))?.[1];
  if (length !== undefined) return answer.length >= headEnd + 4 + Number(length);
  return answer.endsWith('\r\n0\r\n\r\n');
}
