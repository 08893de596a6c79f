import type { FakeOptions } from '#connectors/kit/fake.ts';
import { type AnalyticsSender, analyticsSender } from '#connectors/kit/segment-spec/fake-sender.ts';

type Fields = Readonly<Record<string, unknown>>;
interface PosthogHook {
  readonly event: Fields & { readonly uuid: string };
  readonly person: Fields;
}

/** What a project of PostHog sends: a request for each event, with what is known of the person. */
export function posthogSender(options: FakeOptions): AnalyticsSender<PosthogHook> & {
  event(name: string, distinctId: string, properties: Fields, person?: Fields): PosthogHook;
} {
  const { now } = options;
  let events = 0;
  return {
    ...analyticsSender<PosthogHook>({
      ...options,
      secret: 'posthog-webhook-secret',
      header: (secret) => ({ 'x-baton-secret': secret }),
      body: ([hook]) => hook,
    }),
    event(event, distinctId, properties, person = {}) {
      events += 1;
      return {
        event: {
          uuid: `01890a5d-ac96-774b-bcce-${String(events).padStart(12, '0')}`,
          event,
          distinct_id: distinctId,
          properties,
          timestamp: now().toISOString(),
          url: 'https://us.posthog.com/project/1/events/1',
        },
        person: {
          id: `person-of-${distinctId}`,
          name: distinctId,
          url: 'https://us.posthog.com/person/1',
          properties: person,
        },
      };
    },
  };
}
