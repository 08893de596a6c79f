import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { RawRequest } from '#connectors/kit/connector.ts';
import { type Served, serveOnLoopback } from '#connectors/kit/fake.ts';
import { MOST_BODY_BYTES, ROUTES, type Route, statusOf } from '#core/api.ts';
import { isHubError } from '#core/errors.ts';
import { answerLink, LINK_HEADERS, showLink } from '#core/handoff/answer-link.ts';
import type { EmbeddedHub } from './hub.ts';

type Answer = (context: Context) => Promise<Response>;

/** The hub's HTTP application: the routes of the contract, over the embedded platform. */
export function hubApp(embedded: () => EmbeddedHub): Hono {
  const answers: Record<Route['handler'], Answer> = {
    'receive-event': async (context) => {
      const { vendor, connection } = context.req.param() as {
        vendor?: string;
        connection?: string;
      };
      const to = vendor === undefined || connection === undefined ? {} : { vendor, connection };
      const { status, headers, body } = await embedded().receive(
        to,
        await rawRequest(context, embedded().hub.publicUrl),
      );
      return new Response(body === '' ? null : body, { status, headers });
    },
    'answer-link': async (context) => {
      const token = context.req.param('token') ?? '';
      // The router answers HEAD where it answers GET, and scanners ask both: only a press acts.
      const page =
        context.req.method === 'POST'
          ? await answerLink(
              embedded().hub,
              token,
              (await context.req.parseBody()) as Record<string, string>,
            )
          : await showLink(embedded().hub, token);
      return new Response(page.html, { status: page.status, headers: LINK_HEADERS });
    },
    'tell-health': async (context) =>
      context.json({ status: 'up', ...embedded().jobs.count(embedded().hub.now().getTime()) }),
  };

  const app = new Hono();
  app.use(
    bodyLimit({
      maxSize: MOST_BODY_BYTES,
      onError: () => refusal(413, 'body_too_large', `A body may have ${MOST_BODY_BYTES} bytes.`),
    }),
  );
  for (const { method, path, handler } of ROUTES) {
    app.on(method, path.replaceAll(/\{(\w+)\}/g, ':$1'), answers[handler]);
  }
  app.notFound(() =>
    refusal(
      404,
      'route_unknown',
      'There is nothing at this address: see docs/connecting.md for the addresses of the hub.',
    ),
  );
  app.onError((error) => {
    if (isHubError(error)) return refusal(statusOf(error), error.code, error.message);
    return refusal(
      500,
      'hub_broken',
      'The hub itself failed at this request; send it again later.',
    );
  });
  return app;
}

const refusal = (status: number, code: string, message: string) =>
  Response.json({ error: { code, message } }, { status });

async function rawRequest(context: Context, publicUrl: string): Promise<RawRequest> {
  const { pathname, search } = new URL(context.req.url);
  const path = `${pathname}${search}`;
  return {
    method: context.req.method,
    path,
    url: `${publicUrl}${path}`,
    headers: context.req.header(),
    body: new Uint8Array(await context.req.arrayBuffer()),
  };
}

/** Serves the hub on a port of this machine; a proxy in front of it brings the vendors in. */
export function serveHub(embedded: () => EmbeddedHub, port: number): Promise<Served> {
  return serveOnLoopback(hubApp(embedded), port);
}
