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

/** What goes wrong in the week: news that come twice or late, a vendor that is down, and nonsense. */
export function planTroubles(world: {
  agenda: Agenda;
  vendors: Vendors;
  post: Post;
  random: () => number;
  monday: Date;
  now: () => Date;
}): Troubles {
  const { agenda, vendors, post, random, monday, now } = world;
  let sentTwice = 0;
  let again = false;
  const at = (ms: number) => new Date(monday.getTime() + ms);

  // Vendors send again what they are not sure was taken: here one request in twenty.
  post.listen((path: string, request: OutgoingRequest) => {
    if (again || random() >= 0.05) return;
    sentTwice += 1;
    agenda.plan(new Date(now().getTime() + 3 * MINUTE_MS), () => {
      again = true;
      post.put(path, request);
      again = false;
    });
  });

  agenda.plan(at(TUESDAY_TEN), () => {
    vendors.salesforce.outageUntil = at(TUESDAY_TEN + HOUR_MS);
  });

  // A page view of Monday that the collector only gets rid of on Wednesday.
  const late = at(9 * HOUR_MS).toISOString();
  agenda.plan(at(2.4 * 24 * HOUR_MS), () => {
    vendors.website.send('page', {
      anonymousId: 'visitor-3',
      timestamp: late,
      properties: { title: 'Pricing', path: '/pricing', url: 'https://northwind.example/pricing' },
    });
  });

  const broken = [
    {
      hours: 30,
      path: '/in/marketo/marketo',
      headers: {
        'content-type': 'application/json',
        'x-hub-token': 'marketo-webhook-token',
        'x-hub-event': 'mql',
      },
      body: '{"leadId": 17, "email": ',
    },
    {
      hours: 55,
      path: '/in/marketo/marketo',
      headers: {
        'content-type': 'application/json',
        'x-hub-token': 'marketo-webhook-token',
        'x-hub-event': 'an-event-nobody-mapped',
      },
      body: '{"leadId": 18, "email": "x@y.example"}',
    },
  ];
  for (const { hours, path, headers, body } of broken) {
    agenda.plan(at(hours * HOUR_MS), () => {
      again = true;
      post.put(path, { method: 'POST', headers, body });
      again = false;
    });
  }
  return { sentTwice: () => sentTwice, nonsense: () => broken.length };
}
