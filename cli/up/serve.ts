import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { HubError } from '#core/errors.ts';

export interface Listening {
  readonly url: string;
  /** Takes no more requests and answers those that are under way. */
  close(): Promise<void>;
}

/** Serves an application on a port of this machine; any free one for 0. */
export async function listen(app: Hono, port: number): Promise<Listening> {
  const server = createServer(getRequestListener(app.fetch));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(refusal(port, cause)));
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Connections that are only kept open for a next request would keep the server, too.
        server.closeIdleConnections();
      }),
  };
}

function refusal(port: number, cause: NodeJS.ErrnoException): HubError {
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
