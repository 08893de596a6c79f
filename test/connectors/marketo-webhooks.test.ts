import { marketo } from '#connectors/marketo/connector.ts';
import { type Connected, connect, hear, raw } from './marketo-connection.ts';

describe('webhooks', () => {
  async function webhook(map: Connected, call: { event: string; [field: string]: unknown }) {
    const lead = map.fake.addLead({ email: 'ada@acme.example', leadStatus: 'MQL' });
    map.fake.callWebhook(lead.id, call);
    const [request] = map.requests;
    if (request === undefined) throw new Error('Marketo sent nothing.');
    return raw(request);
  }

  test('a marketing qualified lead comes in with what the template says', async () => {
    await using map = await connect();
    const request = await webhook(map, {
      event: 'mql',
      eventKey: '1-2001-77',
      program: 'Spring webinar',
      campaign: 'Score over 100',
      firstName: 'Ada',
      country: 'Germany',
      employees: '120',
      lastName: '',
      at: '2026-11-22T08:30:00+0000',
    });
    const { events, deliveries } = await hear(map, request);

    expect(deliveries).toMatchObject([{ dedupeKey: '1-2001-77', group: 'lead:1' }]);
    expect(events).toEqual([
      {
        type: 'lead.qualified',
        at: '2026-11-22T08:30:00.000Z',
        sourceId: '1-2001-77',
        subject: {
          email: 'ada@acme.example',
          external: [{ connection: 'map', kind: 'lead', id: '1' }],
        },
        person: {
          email: 'ada@acme.example',
          status: 'MQL',
          firstName: 'Ada',
          country: 'DE',
          employees: 120,
        },
        program: 'Spring webinar',
        campaign: { name: 'Score over 100' },
      },
    ]);
  });

  test.each([
    ['an opened mail', 'email-opened', { type: 'touch.recorded', touch: { kind: 'email-opened' } }],
    ['an attended webinar', 'webinar-attended', { touch: { kind: 'webinar-attended' } }],
    ['an unsubscription', 'unsubscribed', { type: 'consent.changed', granted: false }],
    ['an event of the house', 'Visited booth', { touch: { kind: 'event-attended' } }],
  ])('%s means what it says', async (_case, event, expected) => {
    await using map = await connect({}, { events: { 'Visited booth': 'event-attended' } });
    const { events } = await hear(map, await webhook(map, { event }));
    expect(events).toMatchObject([expected]);
  });

  test.each([
    ['ISO with an offset without colon', '2026-11-22T08:30:00+0100', '2026-11-22T07:30:00.000Z'],
    ['local time of the subscription', '2026-11-22 08:30:00', '2026-11-22T07:30:00.000Z'],
    ['nothing that can be read', 'yesterday', '2026-11-22T09:00:00.000Z'],
    ['the future', '2026-12-22T08:30:00Z', '2026-11-22T09:00:00.000Z'],
  ])('the time may be %s', async (_case, at, expected) => {
    await using map = await connect({}, { timeZone: 'Europe/Berlin' });
    const { events } = await hear(map, await webhook(map, { event: 'mql', at }));
    expect(events[0]?.at).toBe(expected);
  });

  test('an event that means nothing is an error of the settings', async () => {
    await using map = await connect();
    const request = await webhook(map, { event: 'Visited booth' });
    await expect(hear(map, request)).rejects.toMatchObject({ code: 'marketo_event_unmapped' });
  });

  test('a webhook that names no event is no qualified lead', async () => {
    await using map = await connect();
    const { headers, ...request } = await webhook(map, { event: 'mql' });
    const { 'x-hub-event': _, ...rest } = headers;
    await expect(hear(map, { ...request, headers: rest })).rejects.toMatchObject({
      kind: 'data',
      code: 'marketo_event_missing',
    });
  });

  test('without a key of its own the same call twice is the same news', async () => {
    await using map = await connect();
    const request = await webhook(map, { event: 'mql' });
    const [first, again] = [await hear(map, request), await hear(map, request)];
    const other = { ...request, headers: { ...request.headers, 'x-hub-event': 'email-opened' } };
    expect(again.deliveries[0]?.dedupeKey).toBe(first.deliveries[0]?.dedupeKey);
    expect((await hear(map, other)).deliveries[0]?.dedupeKey).not.toBe(
      first.deliveries[0]?.dedupeKey,
    );
  });

  test.each([
    ['a wrong token', { 'x-hub-token': 'marketo-webhook-tokem' }],
    ['an empty token', { 'x-hub-token': '' }],
  ])('%s is refused', async (_case, header) => {
    await using map = await connect();
    const request = await webhook(map, { event: 'mql' });
    const forged = { ...request, headers: { ...request.headers, ...header } };
    await expect(hear(map, forged)).rejects.toMatchObject({ kind: 'auth' });
  });

  test('a body that is no JSON is an error of the template', async () => {
    await using map = await connect();
    const request = await webhook(map, { event: 'mql' });
    const broken = { ...request, body: Buffer.from('{"leadId": 1, "email": ada@acme.example}') };
    await expect(hear(map, broken)).rejects.toMatchObject({ kind: 'data' });
  });

  test('is acknowledged with a body, because Marketo takes an empty one for a failure', async () => {
    await using map = await connect();
    const request = await webhook(map, { event: 'mql' });
    expect(marketo.inbound?.acknowledge(request)).toMatchObject({
      status: 200,
      body: '{"received":true}',
    });
  });
});
