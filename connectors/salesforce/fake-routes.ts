import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { FakeOrganization } from './fake-call.ts';
import { answerCall } from './fake-resources.ts';

/** The API below one version's address, over HTTP. */
export function restRoutes(organization: FakeOrganization): Hono {
  return new Hono().all('*', async (context) => {
    const url = new URL(context.req.url);
    const answer = answerCall(organization, {
      method: context.req.method,
      path: url.pathname.replace(/^\/services\/data\/v\d+\.0/, ''),
      query: url.searchParams,
      header: (name) => context.req.header(name),
      body: await bodyOf(context),
    });
    if (answer.body === undefined) return context.body(null, 204);
    return context.json(answer.body as object, answer.status as ContentfulStatusCode);
  });
}

async function bodyOf(context: Context): Promise<unknown> {
  const text = await context.req.text();
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    // Whoever needs a body refuses this one.
    return text;
  }
}
