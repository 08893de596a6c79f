import type { Delivery } from '#connectors/kit/connector.ts';
import { type Connected, connect, MORNING } from './marketo-connection.ts';

const MINUTE = 60_000;

async function read(map: Connected, name: string, place: { cursor: unknown } | { from: Date }) {
  const opened = map.connections.open('map');
  const stream = opened.connector.streams?.[name];
  if (stream === undefined) throw new Error(`Marketo has no stream ${name}.`);
  return stream.read(await opened.operationContext('none'), place);
}

/** Everything from a place on, as the poller reads it. */
async function readAll(map: Connected, name: string, place: { cursor: unknown } | { from: Date }) {
  const deliveries: Delivery[] = [];
  let page = await read(map, name, place);
  let pages = 1;
  deliveries.push(...page.deliveries);
  while (page.more) {
    page = await read(map, name, { cursor: page.cursor });
    deliveries.push(...page.deliveries);
    pages += 1;
  }
  return { deliveries, cursor: page.cursor, pages };
}

async function events(map: Connected, deliveries: readonly Delivery[]) {
  const opened = map.connections.open('map');
  const context = await opened.operationContext('none');
  const { inbound } = opened.connector;
  const receivedAt = map.clock.now.toISOString();
  const all = await Promise.all(
    deliveries.map((one) => inbound?.translate({ ...one, receivedAt }, context) ?? []),
  );
  return all.flat();
}

const from = new Date(MORNING.getTime() - MINUTE);
const external = (id: number) => [{ connection: 'map', kind: 'lead', id: String(id) }];

describe('what people did', () => {
  test('an empty page that says there is more is not the end', async () => {
    await using map = await connect();
    const { id } = map.fake.addLead({ email: 'ada@acme.example' });
    map.fake.logActivity(id, 10, { primaryAttributeValue: 'Invitation' });
    const first = await read(map, 'activities', { from });
    expect(first).toMatchObject({ deliveries: [], more: true });
    const second = await read(map, 'activities', { cursor: first.cursor });
    expect(second.deliveries).toHaveLength(1);
  });

  test('each kind of activity means what the settings say', async () => {
    await using map = await connect();
    const { id } = map.fake.addLead({ email: 'ada@acme.example' });
    const { id: twin } = map.fake.addLead({ email: 'ada@home.example' });
    map.fake.logActivity(id, 1, {
      primaryAttributeValue: '/pricing',
      attributes: [{ name: 'Webpage URL', value: '/pricing' }],
    });
    map.fake.logActivity(id, 11, { primaryAttributeValue: 'Invitation' });
    map.fake.logActivity(id, 9);
    map.fake.mergeLeads(id, [twin]);
    // Changes of a score are named by nobody.
    map.fake.logActivity(id, 22, { primaryAttributeValue: 'Score' });

    const { deliveries } = await readAll(map, 'activities', { from });
    const subject = { external: external(id), email: 'ada@acme.example' };
    expect(await events(map, deliveries)).toMatchObject([
      {
        type: 'touch.recorded',
        at: MORNING.toISOString(),
        subject,
        touch: { kind: 'page-visited', name: '/pricing', url: '/pricing' },
      },
      { type: 'touch.recorded', touch: { kind: 'email-clicked', name: 'Invitation' } },
      { type: 'consent.changed', channel: 'email', granted: false },
      { type: 'person.merged', into: external(id)[0], from: external(twin) },
    ]);
  });

  test.each([
    ['its own filter marked', { name: 'Is Bot Activity', value: true }, 'mail-scanner'],
    ['says so', { name: 'User Agent', value: 'Slackbot-LinkExpanding 1.0' }, 'link-preview'],
    ['is a browser', { name: 'User Agent', value: 'Mozilla/5.0 (Windows NT 10.0)' }, undefined],
    ['was not marked', { name: 'Is Bot Activity', value: false }, undefined],
  ])('a click of what %s', async (_, attribute, bot) => {
    await using map = await connect();
    const { id } = map.fake.addLead({ email: 'ada@acme.example' });
    map.fake.logActivity(id, 11, { primaryAttributeValue: 'News', attributes: [attribute] });
    const { deliveries } = await readAll(map, 'activities', { from });
    const [click] = await events(map, deliveries);
    expect(click).toMatchObject({
      type: 'touch.recorded',
      touch: { kind: 'email-clicked', name: 'News', ...(bot && { bot }) },
    });
    expect(JSON.stringify(click)).not.toContain('Mozilla');
  });

  test('more than ten thousand rows of one second end, each told once', async () => {
    await using map = await connect();
    const { id } = map.fake.addLead({ email: 'ada@acme.example' });
    for (let row = 0; row < 10_050; row += 1) map.fake.logActivity(id, 10);
    const { deliveries, cursor, pages } = await readAll(map, 'activities', { from });
    expect(new Set(deliveries.map(({ dedupeKey }) => dedupeKey)).size).toBe(10_050);
    expect(pages).toBeLessThan(40);

    map.fake.logActivity(id, 10);
    const later = await readAll(map, 'activities', { cursor });
    expect(later.deliveries).toHaveLength(1);
  });

  test('a token that Marketo forgot is asked for anew, a little before', async () => {
    await using map = await connect();
    const { id } = map.fake.addLead({ email: 'ada@acme.example' });
    map.fake.logActivity(id, 10);
    const { deliveries } = await readAll(map, 'activities', {
      cursor: { token: 'forgotten', at: MORNING.toISOString() },
    });
    expect(deliveries.map(({ dedupeKey }) => dedupeKey)).toEqual(['activity:2']);
  });
});

describe('how leads changed', () => {
  test('changes come as the lead is now; what came by the API is an echo', async () => {
    await using map = await connect();
    const { id } = map.fake.addLead({ email: 'ada@acme.example', firstName: 'Ada' });
    map.fake.changeLead(id, { title: 'CTO' });
    map.fake.changeLead(id, { title: 'CEO', country: 'Germany', numberOfEmployees: '120' });
    map.fake.changeLead(id, { postalCode: '10115', city: 'Berlin', phone: '+49 30 1' });
    await map.call('person.upsert', { email: 'bob@acme.example', facts: { firstName: 'Bob' } });

    const { deliveries } = await readAll(map, 'leads', { from });
    expect(deliveries).toMatchObject([
      { dedupeKey: 'lead:1:2026-11-22T09:00:00Z', group: 'lead:1' },
    ]);
    expect(await events(map, deliveries)).toEqual([
      {
        type: 'person.changed',
        at: MORNING.toISOString(),
        sourceId: 'lead:1:2026-11-22T09:00:00Z',
        subject: { external: external(id), email: 'ada@acme.example' },
        person: {
          email: 'ada@acme.example',
          firstName: 'Ada',
          title: 'CEO',
          ...{ country: 'DE', postcode: '10115', city: 'Berlin', phone: '+49 30 1' },
          employees: 120,
        },
      },
    ]);
  });

  test('a status that qualifies and a no to mails are news of their own', async () => {
    await using map = await connect({}, { qualifiedStatuses: ['MQL'] });
    const { id } = map.fake.addLead({ email: 'ada@acme.example' });
    const { cursor } = await readAll(map, 'leads', { from });
    map.fake.changeLead(id, { leadStatus: 'MQL', unsubscribed: true });
    const { deliveries } = await readAll(map, 'leads', { cursor });
    expect(await events(map, deliveries)).toMatchObject([
      { type: 'lead.qualified', person: { status: 'MQL', unsubscribed: true } },
      { type: 'consent.changed', channel: 'email', granted: false },
    ]);
    map.fake.changeLead(id, { firstName: 'Ada' });
    const next = await readAll(map, 'leads', { cursor });
    expect(await events(map, next.deliveries)).toMatchObject([
      { type: 'lead.qualified' },
      { type: 'consent.changed' },
    ]);
  });

  test('the same state has the same key on every page', async () => {
    await using map = await connect();
    map.fake.addLead({ email: 'ada@acme.example' });
    const keys = async () =>
      (await readAll(map, 'leads', { from })).deliveries.map(({ dedupeKey }) => dedupeKey);
    expect(await keys()).toEqual(await keys());
  });

  test.each([
    [true, [{ type: 'person.erased', subject: { external: external(1) } }]],
    [false, []],
  ])('a deleted lead is forgotten if the settings say so: %s', async (deletionsErase, expected) => {
    await using map = await connect({}, { deletionsErase });
    const { id } = map.fake.addLead({ email: 'ada@acme.example' });
    map.fake.deleteLead(id);
    const { deliveries } = await readAll(map, 'deletions', { from });
    expect(await events(map, deliveries)).toMatchObject(expected);
  });
});
