import * as z from 'zod';
import type { Inbound, RawRequest } from '#connectors/kit/connector.ts';
import { badSignature, contentHash, equalSecrets } from '#connectors/kit/signatures.ts';
import { HubError } from '#core/errors.ts';
import type { MarketoCredentials, MarketoSettings } from './credentials.ts';
import { translate } from './translate.ts';

/**
 * The webhook flow step. Marketo can't sign: a static header authenticates it.
 * https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/webhooks/webhooks
 */
export const inbound: Inbound<MarketoCredentials, MarketoSettings> = {
  verify(request, { credentials, settings }) {
    const token = request.headers[settings.tokenHeader] ?? '';
    if (!equalSecrets(token, credentials.webhookToken)) {
      throw badSignature(`Marketo's header ${settings.tokenHeader}`);
    }
  },

  open(request, { settings }) {
    const event = request.headers[settings.eventHeader];
    if (event === undefined) throw nameless(settings.eventHeader);
    const body = parseBody(request);
    return [
      {
        // Without a header of its own a call is known by its words, which say the time too.
        dedupeKey:
          request.headers[settings.dedupeHeader] ??
          contentHash(`${event}\n${Buffer.from(request.body).toString('utf8')}`),
        group: `lead:${body.leadId}`,
        body: { event, lead: body },
      },
    ];
  },

  // An empty answer is an error to Marketo (1001 in the lead's activity log).
  acknowledge: () => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"received":true}',
  }),

  translate,
};

/** Guessing would make a qualified lead of every opened mail. */
function nameless(header: string): HubError {
  const advice = `set its header ${header} to mql or to the kind of touch it reports`;
  return new HubError('data', 'marketo_event_missing', `A webhook names no event: ${advice}.`);
}

const Body = z.looseObject({ leadId: z.union([z.number().int(), z.string().min(1)]) });

function parseBody(request: RawRequest): z.infer<typeof Body> {
  try {
    return Body.parse(JSON.parse(Buffer.from(request.body).toString('utf8')));
  } catch (cause) {
    throw new HubError(
      'data',
      'marketo_webhook_unreadable',
      'The webhook did not send the JSON of the template: choose JSON as request token encoding and keep leadId.',
      { cause },
    );
  }
}
