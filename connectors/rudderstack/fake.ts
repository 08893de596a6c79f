import type { FakeOptions } from '#connectors/kit/fake.ts';
import { siteSender } from '#connectors/kit/segment-spec/fake-sender.ts';

/** What a site with RudderStack on it sends: a request for each event. */
export const rudderstackSender = (options: FakeOptions) =>
  siteSender({
    ...options,
    secret: 'rudderstack-webhook-secret',
    header: (secret) => ({ authorization: `Bearer ${secret}` }),
    idPrefix: 'rudder',
    fields: {
      channel: 'web',
      rudderId: 'f5bb9c9f-0d0a-4b5f-9a51-6f8ea2b5c0de',
      request_ip: '203.0.113.8',
    },
  });
