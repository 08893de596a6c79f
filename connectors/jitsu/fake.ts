import type { FakeOptions } from '#connectors/kit/fake.ts';
import { siteSender } from '#connectors/kit/segment-spec/fake-sender.ts';

/** What a site with Jitsu on it sends: a request for each event. */
export const jitsuSender = (options: FakeOptions) =>
  siteSender({
    ...options,
    secret: 'jitsu-webhook-secret',
    header: (secret) => ({ 'x-baton-secret': secret }),
    idPrefix: 'jitsu',
    fields: { writeKey: 'site:key', requestIp: '203.0.113.8' },
  });
