import { openConnections } from '#connectors/kit/connections.ts';
import { ses } from '#connectors/ses/connector.ts';

const SECRET = 'a-secret-of-the-bus';
const connections = openConnections({
  connectors: { ses },
  connections: [{ name: 'mail', vendor: 'ses', roles: [], settings: {} }],
  secrets: {
    credentials: async () => ({ inboundSecret: SECRET }),
    signingKey: async () => 'key',
  },
  now: () => new Date('2026-11-22T09:00:00.000Z'),
});

const AT = '2026-11-22T08:41:02.669Z';
const mail = { timestamp: AT, messageId: 'EXAMPLE7c191be45', destination: ['jane@example.com'] };
const to = (...addresses: string[]) => addresses.map((emailAddress) => ({ emailAddress }));
const bounce = (bounceType: string, ...addresses: string[]) => ({
  bounce: {
    bounceType,
    bounceSubType: 'General',
    bouncedRecipients: to(...addresses),
    timestamp: AT,
  },
  mail,
});
const complaint = (...addresses: string[]) => ({
  complaint: { complainedRecipients: to(...addresses), timestamp: AT },
  mail,
});

async function hear(body: unknown, secret = SECRET) {
  const context = await connections.open('mail').operationContext('none');
  const request = {
    method: 'POST',
    path: '/in/ses/mail',
    url: 'https://hub.example/in/ses/mail',
    headers: { 'x-baton-token': secret },
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  };
  const { inbound } = ses;
  if (inbound === undefined) throw new Error('SES tells nothing.');
  inbound.verify(request, context);
  const deliveries = inbound.open(request, context);
  const receivedAt = '2026-11-22T09:00:00.000Z';
  const events = await Promise.all(
    deliveries.map((one) => inbound.translate({ ...one, receivedAt }, context)),
  );
  return { deliveries, events: events.flat(), acknowledged: inbound.acknowledge(request) };
}

test.each([
  ['a permanent bounce', { eventType: 'Bounce', ...bounce('Permanent', 'jane@example.com') }],
  [
    'a notification of one',
    { notificationType: 'Bounce', ...bounce('Permanent', 'Jane@example.com') },
  ],
  ['a complaint', { eventType: 'Complaint', ...complaint('Jane <jane@example.com>') }],
  ['a notification of one', { notificationType: 'Complaint', ...complaint('jane@example.com') }],
])('%s keeps mails away from the address', async (_case, told) => {
  const wrapped = { source: 'aws.ses', 'detail-type': 'Email Bounced', detail: told };
  for (const body of [told, wrapped]) {
    const { events, deliveries } = await hear(body);
    expect(events).toEqual([
      {
        type: 'consent.changed',
        at: AT,
        sourceId: deliveries[0]?.dedupeKey,
        subject: { email: 'jane@example.com' },
        channel: 'email',
        granted: false,
      },
    ]);
    expect(deliveries[0]?.dedupeKey).toContain('EXAMPLE7c191be45:');
  }
});

test.each([
  ['Bounce', bounce('Transient', 'jane@example.com')],
  ['Bounce', bounce('Undetermined', 'jane@example.com')],
  ...['Send', 'Delivery', 'Reject', 'Open', 'Click', 'RenderingFailure'].map(
    (type) => [type, { mail }] as const,
  ),
  ['DeliveryDelay', { mail }],
  ['Subscription', { mail }],
] as const)('%s with %j changes nothing', async (eventType, told) => {
  expect(await hear({ eventType, ...told })).toMatchObject({ deliveries: [], events: [] });
});

test('each recipient is news of its own, and the same news twice is the same', async () => {
  const told = { eventType: 'Bounce', ...bounce('Permanent', 'a@example.com', 'b@example.com') };
  const [first, again] = [await hear(told), await hear(told)];
  expect(first.deliveries.map(({ group }) => group)).toEqual([
    'mail:a@example.com',
    'mail:b@example.com',
  ]);
  expect(again.deliveries).toEqual(first.deliveries);
});

test.each([
  ['{', 'data', 'ses_event_unreadable'],
  [{ hello: 'world' }, 'data', 'ses_event_unreadable'],
])('%j is kept in quarantine', async (body, kind, code) => {
  await expect(hear(body)).rejects.toMatchObject({ kind, code });
});

test('whoever does not know the secret is refused', async () => {
  await expect(hear({}, 'another-secret-word')).rejects.toMatchObject({ kind: 'auth' });
});
