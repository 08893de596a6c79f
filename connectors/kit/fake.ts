import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Hono, MiddlewareHandler } from 'hono';
import type { FaultScript } from './faults.ts';

/** A request that a vendor makes to the hub, signed as that vendor signs. */
export interface OutgoingRequest {
  readonly method: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface FakeOptions {
  readonly now: () => Date;
  /** Called when the vendor has news for the hub; absent: nobody subscribed. */
  readonly notify?: ((request: OutgoingRequest) => void) | undefined;
  /** What goes wrong and when; absent: nothing does. */
  readonly faults?: FaultScript | undefined;
}

/**
 * A stand-in for a vendor that keeps state and speaks the vendor's contract, so that a connector
 * can't tell it from the vendor but for the base URL.
 */
export interface Fake {
  readonly app: Hono;
  /** While set and in the future, every call is answered as the vendor answers when it is down. */
  outageUntil: Date | undefined;
  /** Each write that changed something, in order: what tests and the demo count. */
  readonly writes: FakeWrite[];
}

export interface FakeWrite {
  /** What was done, in the words of core/operations.ts where there is one. */
  readonly verb: string;
  /** The record, list, channel or mailbox it was done to. */
  readonly target: string;
  /** The idempotency key or marker that came with it, where the vendor keeps one. */
  readonly key?: string | undefined;
  readonly at: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Answers 503 while the fake is down. */
export function outage(fake: Pick<Fake, 'outageUntil'>, now: () => Date): MiddlewareHandler {
  return async (context, next) => {
    if (fake.outageUntil !== undefined && now() < fake.outageUntil)
      return context.text('Service Unavailable', 503);
    await next();
    return undefined;
  };
}

export interface Served {
  readonly url: string;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Serves an application on a loopback port (any free one by default). */
export async function serveOnLoopback(app: Hono, port = 0): Promise<Served> {
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const started = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, () =>
      resolve(started),
    );
  });
  // It never hangs up first: a call that crosses with that has an outcome that nobody knows.
  if ('keepAliveTimeout' in server) server.keepAliveTimeout = 0;
  const close = () =>
    new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
      if ('closeAllConnections' in server) server.closeAllConnections();
    });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close,
    [Symbol.asyncDispose]: close,
  };
}
