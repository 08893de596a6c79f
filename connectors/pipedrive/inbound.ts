import * as z from 'zod';
import type { Inbound } from '#connectors/kit/connector.ts';
import { jsonBody } from '#connectors/kit/json-body.ts';
import { requireSecret } from '#connectors/kit/static-secret.ts';
import { HubError } from '#core/errors.ts';
import type { PipedriveCredentials, PipedriveSettings } from './credentials.ts';
import { deliveryOf, eventsOf } from './translate.ts';

const Webhook = z.object({
  meta: z.object({
    action: z.string(),
    entity: z.string(),
    user_id: z.coerce.number().nullish(),
  }),
  data: z.unknown(),
  previous: z.record(z.string(), z.unknown()).nullish(),
});

/**
 * Version 2 of the general webhooks, which sign nothing but take HTTP authentication. Unverified:
 * that `previous` holds only the fields that changed.
 * https://pipedrive.readme.io/docs/guide-for-webhooks-v2
 */
export const inbound: Inbound<PipedriveCredentials, PipedriveSettings> = {
  verify: (request, { credentials }) =>
    requireSecret(request, credentials.webhookPassword, 'Pipedrive'),

  open(request) {
    try {
      const { meta, data, previous } = Webhook.parse(jsonBody(request));
      const entity = z.enum(['person', 'deal', 'activity']).safeParse(meta.entity).data;
      // What was deleted is not told by any event; of two that were merged the other one changed.
      if (entity === undefined || meta.action === 'delete') return [];
      return [deliveryOf({ entity, data, previous, userId: meta.user_id })];
    } catch (cause) {
      const said = 'The request of Pipedrive is no webhook of version 2: make it with version 2.0.';
      throw new HubError('data', 'pipedrive_webhook_unreadable', said, { cause });
    }
  },

  acknowledge: () => ({ status: 200, headers: {}, body: '' }),
  translate: eventsOf,
};
