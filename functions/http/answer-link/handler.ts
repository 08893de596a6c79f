import { answerLink, LINK_HEADERS, showLink } from '#core/handoff/answer-link.ts';
import { httpHandler } from '#platform/aws/http-handler.ts';
import { openHub } from '#platform/aws/hub.ts';

const hub = await openHub();

/** `GET` and `POST /h/{token}`: shows what a signed link would do, and does it. */
export const handler = httpHandler(async ({ method, body, parameters }) => {
  const token = parameters['token'] ?? '';
  const form = new URLSearchParams(new TextDecoder().decode(body));
  const { status, html } =
    method === 'POST'
      ? await answerLink(hub, token, Object.fromEntries(form))
      : await showLink(hub, token);
  return { status, headers: LINK_HEADERS, body: html };
});
