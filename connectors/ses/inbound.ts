import * as z from 'zod';
import type { Inbound } from '#connectors/kit/connector.ts';
import { badSignature, equalSecrets } from '#connectors/kit/signatures.ts';
import { HubError } from '#core/errors.ts';
import { Instant } from '#core/events.ts';
import type { SesCredentials, SesSettings } from './credentials.ts';
import { lostAddresses, SesEvent } from './feedback.ts';

/** What became of mails: by the event bus, whose rule is all that may call the hub's function. */
export const inbound: Inbound<SesCredentials, SesSettings> = {
  verify({ headers }, { credentials, settings }) {
    const shown = headers[settings.tokenHeader] ?? '';
    if (!equalSecrets(shown, credentials.inboundSecret)) {
      throw badSignature(`The secret in ${settings.tokenHeader}`);
    }
  },

  open(request) {
    const feedback = SesEvent.safeParse(jsonOf(request.body));
    if (!feedback.success) throw unreadable(feedback.error);
    const { addresses, at } = lostAddresses(feedback.data);
    const { type, mail } = feedback.data;
    return addresses.map((email) => ({
      dedupeKey: [mail.messageId, type, email, at].join(':'),
      group: `mail:${email}`,
      body: { email, at },
    }));
  },

  acknowledge: () => ({ status: 200, headers: {}, body: '' }),

  async translate(delivery) {
    const { email, at } = Lost.parse(delivery.body);
    return [
      {
        type: 'consent.changed',
        at,
        sourceId: delivery.dedupeKey,
        subject: { email },
        // Who can't be reached by mail, or took one for spam, may still be called.
        channel: 'email',
        granted: false,
      },
    ];
  },
};

const Lost = z.strictObject({ email: z.string(), at: Instant });

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause: unknown): HubError {
  const said = 'The event carries nothing that SES says of a mail.';
  return new HubError('data', 'ses_event_unreadable', said, { cause });
}
