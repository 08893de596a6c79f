import type { Vendors } from '#cli/sandbox/vendors.ts';
import type { OutgoingRequest } from '#connectors/kit/fake.ts';
import type { Agenda } from './agenda.ts';
import type { Post } from './post.ts';

export interface Troubles {
  sentTwice(): number;
  nonsense(): number;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const TUESDAY_TEN = 34 * HOUR_MS;

/** What goes wrong each week: news that come twice or late, a vendor that is down, and nonsense. */
export function planTroubles(world: {
  agenda: Agenda;
  vendors: Vendors;
  post: Post;
  random: () => number;
  mondays: readonly Date[];
  now: () => Date;
}): Troubles {
  const { agenda, vendors, post, random, mondays, now } = world;
  let sentTwice = 0;
  let nonsense = 0;
  let again = false;
  const putUnheard = (path: string, request: OutgoingRequest): void => {
    again = true;
    post.put(path, request);
    again = false;
  };

  // Vendors send again what they are not sure was taken: here one request in twenty.
  post.listen((path: string, request: OutgoingRequest) => {
    if (again || random() >= 0.05) return;
    sentTwice += 1;
    agenda.plan(new Date(now().getTime() + 3 * MINUTE_MS), () => putUnheard(path, request));
  });

  mondays.forEach((monday, week) => {
    const at = (ms: number) => new Date(monday.getTime() + ms);
    agenda.plan(at(TUESDAY_TEN), () => {
      vendors.salesforce.outageUntil = at(TUESDAY_TEN + HOUR_MS);
    });

    // A page view of Monday that the collector only gets rid of on Wednesday.
    agenda.plan(at(2.4 * 24 * HOUR_MS), () => {
      vendors.website.send('page', {
        anonymousId: `visitor-${3 + week}`,
        timestamp: at(9 * HOUR_MS).toISOString(),
        properties: {
          title: 'Pricing',
          path: '/pricing',
          url: 'https://northwind.example/pricing',
        },
      });
    });

    for (const { hours, event, body } of NONSENSE) {
      nonsense += 1;
      const headers = {
        'content-type': 'application/json',
        'x-hub-token': 'marketo-webhook-token',
        'x-hub-event': event,
      };
      agenda.plan(at(hours * HOUR_MS), () =>
        putUnheard('/in/marketo/marketo', { method: 'POST', headers, body: body(week) }),
      );
    }
  });
  return { sentTwice: () => sentTwice, nonsense: () => nonsense };
}

/** Of each week its own, because the same nonsense again is held once. */
const NONSENSE = [
  { hours: 30, event: 'mql', body: (week: number) => `{"leadId": ${17 + 10 * week}, "email": ` },
  {
    hours: 55,
    event: 'an-event-nobody-mapped',
    body: (week: number) => `{"leadId": ${18 + 10 * week}, "email": "x@y.example"}`,
  },
];
