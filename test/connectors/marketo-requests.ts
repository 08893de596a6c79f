import { Hono } from 'hono';

/** A request as it reached a fake, for a look at its shape. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** A fake before which every request is written down. */
export function watched(app: Hono, seen: SeenRequest[]): Hono {
  const outer = new Hono();
  outer.all('*', async (context) => {
    const url = new URL(context.req.url);
    const text = await context.req.raw.clone().text();
    const isJson = text.startsWith('{');
    // A question that was too long for an address is a form.
    const form = new URLSearchParams(isJson ? '' : text);
    const method = url.searchParams.get('_method') ?? context.req.method;
    url.searchParams.delete('_method');
    seen.push({
      method,
      path: url.pathname,
      query: new URLSearchParams([...url.searchParams, ...form]),
      body: isJson ? JSON.parse(text) : undefined,
    });
    return app.fetch(context.req.raw, context.env);
  });
  return outer;
}
