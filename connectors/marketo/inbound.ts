import * as z from 'zod';
import type { Inbound, RawRequest } from '#connectors/kit/connector.ts';
import { badSignature, contentHash, equalSecrets } from '#connectors/kit/signatures.ts';
import { HubError } from '#core/errors.ts';
import type { MarketoCredentials } from './credentials.ts';
import {
  clientSecretOf,
  isTokenRequest,
  rowDeliveries,
  rowsIn,
  verifyDataStream,
} from './data-stream.ts';
import type { MarketoSettings } from './settings.ts';
import { translate } from './translate.ts';

/**
 * The webhook flow step and the activity data stream. Marketo can't sign: a static header
 * authenticates a webhook, a bearer the stream.
 * https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/webhooks/webhooks
 */
export const inbound: Inbound<MarketoCredentials, MarketoSettings> = {
  verify(request, { credentials, settings }) {
    if (credentials.pathToken !== undefined) requirePathToken(request, credentials.pathToken);
    if (verifyDataStream(request, credentials)) return;
    const token = request.headers[settings.tokenHeader] ?? '';
    if (!equalSecrets(token, credentials.webhookToken)) {
      throw badSignature(`Marketo's header ${settings.tokenHeader}`);
    }
  },

  open(request, { settings }) {
    if (isTokenRequest(request)) return [];
    const json = parseBody(request);
    const rows = rowsIn(json);
    if (rows !== undefined) return rowDeliveries(rows);
    // Notifications about users and the instance are wrapped as cloud events.
    if (CloudEvent.safeParse(json).success) return [];
    const event = request.headers[settings.eventHeader];
    if (event === undefined) throw nameless(settings.eventHeader);
    const body = Body.safeParse(json);
    if (!body.success) throw unreadable(body.error);
    return [
      {
        // Without a header of its own a call is known by its words, which say the time too.
        dedupeKey:
          request.headers[settings.dedupeHeader] ??
          contentHash(`${event}\n${Buffer.from(request.body).toString('utf8')}`),
        group: `lead:${body.data.leadId}`,
        body: { event, lead: body.data },
      },
    ];
  },

  // An empty answer is an error to Marketo (1001 in the lead's activity log).
  acknowledge: (request) => ({
    status: 200,
    headers: { 'content-type': 'application/json', ...(isTokenRequest(request) ? NO_STORE : {}) },
    body: JSON.stringify(isTokenRequest(request) ? tokenFor(request) : { received: true }),
  }),

  translate,
};

const NO_STORE = { 'cache-control': 'no-store' };
const TOKEN_LIFE_SECONDS = 3_600;

/** Answered only after `verify` found the secret to be right. */
const tokenFor = (request: RawRequest) => ({
  access_token: clientSecretOf(request) ?? '',
  token_type: 'bearer',
  expires_in: TOKEN_LIFE_SECONDS,
});

function requirePathToken({ path }: RawRequest, expected: string): void {
  const token = new URL(path, 'http://localhost').searchParams.get('token') ?? '';
  if (!equalSecrets(token, expected)) throw badSignature('The token in the address');
}

/** Guessing would make a qualified lead of every opened mail. */
function nameless(header: string): HubError {
  const advice = `set its header ${header} to mql or to the kind of touch it reports`;
  return new HubError('data', 'marketo_event_missing', `A webhook names no event: ${advice}.`);
}

const Body = z.looseObject({ leadId: z.union([z.number().int(), z.string().min(1)]) });
const CloudEvent = z.looseObject({ event: z.looseObject({ specversion: z.string() }) });

function parseBody(request: RawRequest): unknown {
  try {
    return JSON.parse(Buffer.from(request.body).toString('utf8'));
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause: unknown): HubError {
  return new HubError(
    'data',
    'marketo_webhook_unreadable',
    'The webhook did not send the JSON of the template: choose JSON as request token encoding and keep leadId.',
    { cause },
  );
}
