import { connect, MORNING, raw } from './segment-connection.ts';

const PAGE = {
  url: 'https://acme.example/pricing?utm_source=google',
  path: '/pricing',
  title: 'Pricing',
  referrer: 'https://google.com/',
};
const CAMPAIGN = { name: 'spring', source: 'google', medium: 'cpc' };

describe('meanings', () => {
  test('a page is a touch with its title, address, campaign and referrer', async () => {
    const { webhook } = connect();
    const { events } = await webhook('page', {
      anonymousId: 'a1',
      context: { page: PAGE, campaign: CAMPAIGN },
    });
    expect(events).toEqual([
      {
        type: 'touch.recorded',
        at: MORNING.toISOString(),
        sourceId: 'segment-000001',
        subject: { anonymousId: 'a1' },
        touch: {
          kind: 'page-visited',
          name: 'Pricing',
          url: PAGE.url,
          referrer: PAGE.referrer,
          campaign: CAMPAIGN,
        },
      },
    ]);
  });

  test('a hand-raise keeps need, timeline and referrer verbatim', async () => {
    const { webhook } = connect();
    const { events } = await webhook('track', {
      anonymousId: 'a1',
      userId: 'u1',
      event: 'Demo Requested',
      properties: {
        email: 'ada@acme.example',
        name: 'Ada Byron Lovelace',
        company: 'Acme',
        country: 'United Kingdom',
        employees: '250',
        need: 'We lose leads; can you  help?',
        timeline: 'this quarter',
        referrer: 'a friend',
      },
      context: { page: PAGE, traits: { title: 'CTO' } },
    });
    expect(events).toMatchObject([
      {
        type: 'lead.captured',
        handRaiser: true,
        form: 'Demo Requested',
        subject: { anonymousId: 'a1', userId: 'u1', email: 'ada@acme.example' },
        person: {
          email: 'ada@acme.example',
          firstName: 'Ada',
          lastName: 'Byron Lovelace',
          title: 'CTO',
          company: 'Acme',
          country: 'GB',
          employees: 250,
        },
        need: 'We lose leads; can you  help?',
        timeline: 'this quarter',
        referrer: 'a friend',
        url: PAGE.url,
      },
    ]);
  });

  test.each([
    ['Contact Sales Submitted', { type: 'lead.captured', handRaiser: true }],
    ['Form Submitted', { type: 'lead.captured', handRaiser: false }],
    ['Asset Downloaded', { type: 'touch.recorded', touch: { kind: 'asset-downloaded' } }],
    ['webinar_attended', { touch: { kind: 'webinar-attended' } }],
    ['Email Opened', { touch: { kind: 'email-opened' } }],
    ['Unsubscribed', { type: 'consent.changed', channel: 'email', granted: false }],
    ['Quote Requested', { type: 'lead.captured', handRaiser: true }],
  ])('%s means what the spec or the connection says', async (event, expected) => {
    const { webhook } = connect({ events: { 'quote requested': 'hand-raise' } });
    const { events } = await webhook('track', { userId: 'u1', event });
    expect(events).toMatchObject([expected]);
  });

  test.each([
    ['ignored', {}, []],
    [
      'a touch where the connection says so',
      { otherEvents: 'product-used' },
      [{ touch: { kind: 'product-used', name: 'Button Pressed' } }],
    ],
  ])('an event nobody named is %s', async (_case, settings, expected) => {
    const { webhook } = connect(settings);
    const { events } = await webhook('track', { userId: 'u1', event: 'Button Pressed' });
    expect(events).toMatchObject(expected);
  });

  test('identify joins the anonymous visitor, the user and the address', async () => {
    const { webhook } = connect();
    const { events } = await webhook('identify', {
      anonymousId: 'a1',
      userId: 'u1',
      traits: { email: 'ada@acme.example', firstName: 'Ada', company: { name: 'Acme' } },
    });
    expect(events).toMatchObject([
      {
        type: 'person.changed',
        subject: { anonymousId: 'a1', userId: 'u1', email: 'ada@acme.example' },
        person: { firstName: 'Ada', company: 'Acme' },
      },
    ]);
  });

  test('a group is an account, and its e-mail address is not the visitor’s', async () => {
    const { webhook } = connect();
    const { events } = await webhook('group', {
      userId: 'u1',
      groupId: 'g1',
      traits: {
        name: 'Acme',
        website: 'https://www.Acme.example/about',
        employees: 120,
        email: 'info@acme.example',
      },
    });
    expect(events).toMatchObject([
      {
        type: 'account.changed',
        account: { name: 'Acme', domain: 'acme.example', employees: 120 },
        subject: { userId: 'u1', external: [{ connection: 'web', kind: 'account', id: 'g1' }] },
      },
    ]);
    expect(events[0]?.subject).not.toHaveProperty('email');
  });
});

describe('times', () => {
  const ARRIVED = MORNING.toISOString();
  test.each([
    ['corrected by Segment', { timestamp: '2026-11-22T08:00:00Z' }, '2026-11-22T08:00:00.000Z'],
    [
      'of a client whose clock is a day ahead',
      {
        timestamp: undefined,
        originalTimestamp: '2026-11-23T08:59:50Z',
        sentAt: '2026-11-23T09:00:00Z',
      },
      '2026-11-22T08:59:50.000Z',
    ],
    [
      'of a client that does not say when it sent',
      { timestamp: undefined, originalTimestamp: '2026-11-22T08:00:00Z', sentAt: null },
      '2026-11-22T08:00:00.000Z',
    ],
    ['in the future', { timestamp: '2026-11-24T08:00:00Z' }, ARRIVED],
    ['nowhere', { timestamp: undefined, sentAt: null, receivedAt: null }, ARRIVED],
  ])('a time %s', async (_case, times, expected) => {
    const { sender, hear } = connect({}, { bearerToken: 'a-token-of-16-chars' });
    const message = { ...sender.message('page', { anonymousId: 'a1' }), ...times };
    const { events } = await hear({
      ...raw(sender.webhook(message)),
      headers: { authorization: 'Bearer a-token-of-16-chars' },
      body: Buffer.from(JSON.stringify(message)),
    });
    expect(events[0]?.at).toBe(expected);
  });
});

describe('machines', () => {
  const CRAWLER = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
  const BROWSER = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0.0.0 Safari/537.36';

  test.each([
    ['page', 'touch.recorded', {}],
    [
      'track',
      'lead.captured',
      { event: 'Demo Requested', properties: { email: 'a@acme.example' } },
    ],
  ] as const)('of the agent of a %s only what it is is kept', async (type, told, fields) => {
    const { webhook } = connect();
    const of = async (userAgent: string) => {
      const { events } = await webhook(type, {
        anonymousId: 'a1',
        context: { userAgent },
        ...fields,
      });
      return events[0];
    };
    const crawled = await of(CRAWLER);
    expect(crawled).toMatchObject(
      type === 'page' ? { type: told, touch: { bot: 'crawler' } } : { type: told, bot: 'crawler' },
    );
    expect(JSON.stringify(crawled)).not.toContain('Googlebot');
    expect(JSON.stringify(await of(BROWSER))).not.toMatch(/bot|Mozilla/);
  });

  test.each([
    ["the hub's script in a crawler", 'baton.js', CRAWLER, 'crawler'],
    ["the hub's script in a browser", 'baton.js', BROWSER, undefined],
    ["a server's library", 'analytics-node', 'node-fetch/3', undefined],
  ])('%s', async (_, library, agent, bot) => {
    const { hear } = connect({}, { writeKey: 'segment-write-key' });
    const body = { writeKey: 'segment-write-key', anonymousId: 'a1', messageId: 'm1' };
    const { deliveries, events } = await hear({
      ...raw({ method: 'POST', headers: { 'user-agent': agent }, body: '' }),
      path: '/v1/p',
      body: Buffer.from(JSON.stringify({ ...body, context: { library: { name: library } } })),
    });
    expect(events).toMatchObject([{ touch: { kind: 'page-visited', ...(bot && { bot }) } }]);
    expect(JSON.stringify([deliveries, events])).not.toContain(agent);
  });
});
