import { answerLink, showLink } from '#core/handoff/answer-link.ts';
import { httpHandler } from '#platform/aws/http-handler.ts';
import { openHub } from '#platform/aws/hub.ts';

const hub = await openHub();

/** The address holds the proof of who may answer: it must not travel on or be kept. */
const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
};

/** `GET` and `POST /h/{token}`: shows what a signed link would do, and does it. */
export const handler = httpHandler(async ({ method, body, parameters }) => {
  const token = parameters['token'] ?? '';
  const form = new URLSearchParams(new TextDecoder().decode(body));
  const { status, html } =
    method === 'POST'
      ? await answerLink(hub, token, Object.fromEntries(form))
      : await showLink(hub, token);
  return { status, headers: HEADERS, body: html };
});
