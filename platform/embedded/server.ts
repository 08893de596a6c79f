import { sendTracker } from '#connectors/kit/tracker/send-tracker.ts';
import { ROUTES, type Route } from '#core/api.ts';
import { answerLink, LINK_HEADERS, showLink } from '#core/handoff/answer-link.ts';
import type { EmbeddedHub } from './hub.ts';
import { type Listening, listen } from './listen.ts';
import { type Endpoint, jsonAnswer, router, type WebAnswer } from './router.ts';

/** The routes of the contract, over the embedded platform; the hub may open and open again behind them. */
export function hubEndpoints(embedded: () => EmbeddedHub): Endpoint[] {
  const answers: Record<Route['handler'], Endpoint['answer']> = {
    'receive-event': async ({ parameters, ...request }) => {
      const { receive, hub } = embedded();
      return receive(parameters, { ...request, url: `${hub.publicUrl}${request.path}` });
    },
    'send-tracker': async (request) => sendTracker(request),
    'answer-link': async ({ parameters, method, body }) => {
      const { hub } = embedded();
      const token = parameters['token'] ?? '';
      // HEAD comes here as GET does, and scanners ask both: only a press acts.
      const { status, html } =
        method === 'POST' ? await answerLink(hub, token, formIn(body)) : await showLink(hub, token);
      return { status, headers: LINK_HEADERS, body: html };
    },
    'tell-health': async () => {
      const { hub, jobs } = embedded();
      return jsonAnswer({ status: 'up', ...jobs.count(hub.now().getTime()) });
    },
  };
  return ROUTES.map(({ method, path, handler }) => ({ method, path, answer: answers[handler] }));
}

const formIn = (body: Uint8Array) =>
  Object.fromEntries(new URLSearchParams(new TextDecoder().decode(body)));

/** Answers requests to the hub wherever they come from. */
export const hubAnswer = (embedded: () => EmbeddedHub): WebAnswer => router(hubEndpoints(embedded));

/** Serves the hub on a port of this machine; a proxy in front of it brings the vendors in. */
export function serveHub(embedded: () => EmbeddedHub, port: number): Promise<Listening> {
  return listen(hubAnswer(embedded), port);
}
