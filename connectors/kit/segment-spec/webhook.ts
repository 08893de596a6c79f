import * as z from 'zod';
import type { Delivery, HttpProfile, Inbound } from '#connectors/kit/connector.ts';
import { jsonBody } from '#connectors/kit/json-body.ts';
import { requireSecret } from '#connectors/kit/static-secret.ts';
import { HubError } from '#core/errors.ts';
import type { AnalyticsSettings } from './settings.ts';
import { translateMessage } from './translate.ts';

/** Of senders that sign nothing and can set a header. */
export const SecretCredentials = z.strictObject({ secret: z.string().min(16) });
type SecretCredentials = z.infer<typeof SecretCredentials>;

interface Sender<Settings> {
  readonly title: string;
  /** Cuts a body into events; throws when it can't be understood. None is an answer, too. */
  deliveries(body: unknown): Delivery[];
  /** One event in the words of the Segment spec; nothing where it is of no interest. */
  message(body: unknown, settings: Settings): object | undefined;
}

/** The webhook of a sender of web analytics that puts a secret into a header. */
export function analyticsWebhook<Settings extends AnalyticsSettings>(
  sender: Sender<Settings>,
): Inbound<SecretCredentials, Settings> {
  return {
    verify: (request, { credentials }) => requireSecret(request, credentials.secret, sender.title),

    open(request) {
      try {
        return sender.deliveries(jsonBody(request));
      } catch (cause) {
        throw new HubError(
          'data',
          'analytics_body_unreadable',
          `${sender.title} sent a body that holds no events: compare its destination with docs/connecting.md.`,
          { cause },
        );
      }
    },

    acknowledge: () => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"received":true}',
    }),

    translate: async (delivery, context) => {
      const message = sender.message(delivery.body, context.settings);
      return message === undefined ? [] : translateMessage({ ...delivery, body: message }, context);
    },
  };
}

/** Of a vendor that only tells: nothing is asked of it and nothing is written there. */
export const neverCalled = (baseUrl: string): HttpProfile<unknown, unknown> => ({
  baseUrl: () => baseUrl,
  timeoutMs: 10_000,
  headers: () => ({}),
  failure: () => undefined,
});
