import * as z from 'zod';
import { openConnections } from '#connectors/kit/connections.ts';
import { defineConnector, type RawRequest } from '#connectors/kit/connector.ts';
import { receive, replay } from '#connectors/kit/receive.ts';
import { takeIn } from '#connectors/kit/take-in.ts';
import { HubError } from '#core/errors.ts';
import type { Envelope } from '#core/ports/inbox.ts';
import { findQuarantined, listQuarantined } from '#core/quarantine.ts';
import { openIntake } from '#test/support/intake-world.ts';
import { ADA, minute } from '#test/support/lead-events.ts';

/** What the vendor's requests and events meet: replaced by a test to mend or to break the connector. */
interface Mood {
  open?: HubError | undefined;
  translate?: unknown;
}

/** A vendor whose connector understands what the mood lets it understand. */
const acme = (mood: Mood) =>
  defineConnector({
    id: 'acme',
    title: 'Acme',
    docs: 'https://acme.example',
    credentials: z.object({}),
    settings: z.object({}),
    http: {
      baseUrl: () => 'http://127.0.0.1:1',
      timeoutMs: 1,
      headers: () => ({}),
      failure: () => undefined,
    },
    operations: {},
    inbound: {
      verify: () => {},
      open(request: RawRequest) {
        if (mood.open !== undefined) throw mood.open;
        const title = Buffer.from(request.body).toString('utf8');
        return [{ dedupeKey: title, group: 'g', body: { title } }];
      },
      acknowledge: () => ({ status: 202, headers: {}, body: 'thanks' }),
      async translate({ body, receivedAt, dedupeKey }) {
        if (mood.translate !== undefined) throw mood.translate;
        const person = body as { title: string };
        const subject = { email: ADA };
        return [{ type: 'person.changed', at: receivedAt, sourceId: dedupeKey, subject, person }];
      },
    },
  });

function openReceiving(mood: Mood) {
  const intake = openIntake();
  const { store } = intake;
  const queue: Envelope[] = [];
  const connections = openConnections({
    connectors: { acme: acme(mood) },
    connections: [{ name: 'acme-eu', vendor: 'acme', roles: [], settings: {} }],
    secrets: { credentials: async () => ({}), signingKey: async () => 'key' },
    now: store.now,
  });
  const takes = (envelope: Envelope) =>
    takeIn({ ...intake.deps(), connections, now: store.now }, envelope);
  const deps = {
    connections,
    records: store.records,
    now: store.now,
    inbox: {
      put: async (all: readonly Envelope[]) => ({ repeats: queue.push(...all) - queue.length }),
    },
    takeIn: takes,
  };
  return {
    ...intake,
    queue,
    send: (body: string) =>
      receive(deps, { vendor: 'acme', connection: 'acme-eu' }, { ...REQUEST, body: bytes(body) }),
    async takeInAll() {
      for (const envelope of queue.splice(0)) await takes(envelope);
    },
    held: (all = false) => listQuarantined(store.records, all),
    replay: (id = '') => replay(deps, id),
    [Symbol.dispose]: store.dispose,
  };
}

const bytes = (text: string) => new TextEncoder().encode(text);
const REQUEST = {
  method: 'POST',
  path: '/in/acme/acme-eu?x=1',
  url: 'https://hub.example/in/acme/acme-eu?x=1',
  headers: {
    'content-type': 'text/plain',
    authorization: 'Bearer hidden',
    'x-acme-signature': 'hidden',
    'x-api-key': 'hidden',
    cookie: 'hidden',
  },
};

const UNREADABLE = new HubError('data', 'acme_unreadable', 'That is no JSON.');

test('a request that nobody can read is kept whole but for its secrets, and answered with thanks', async () => {
  using hub = openReceiving({ open: UNREADABLE });
  expect(await hub.send('Größe \u0000')).toEqual({ status: 202, headers: {}, body: 'thanks' });
  expect(hub.queue).toEqual([]);
  const [held, ...others] = await hub.held();
  expect(others).toEqual([]);
  expect(held).toMatchObject({
    at: minute(0),
    connection: 'acme-eu',
    vendor: 'acme',
    code: 'acme_unreadable',
    message: 'That is no JSON.',
    status: 'held',
    content: {
      kind: 'request',
      path: REQUEST.path,
      headers: { 'content-type': 'text/plain' },
      body: Buffer.from('Größe \u0000').toString('base64'),
    },
  });
  expect(JSON.stringify(held)).not.toContain('hidden');
});

test('the same thing again is held once', async () => {
  using hub = openReceiving({ open: UNREADABLE });
  await hub.send('CMO');
  await hub.send('CMO');
  await hub.send('CTO');
  expect(await hub.held()).toHaveLength(2);
});

test('a request that was held is taken in when its connector has learnt to read it, as of when it came', async () => {
  const mood: Mood = { open: UNREADABLE };
  using hub = openReceiving(mood);
  await hub.send('CMO');
  const [held] = await hub.held();
  mood.open = undefined;
  hub.store.clock.until(Date.parse(minute(600)));
  await hub.replay(held?.id);
  await hub.takeInAll();
  expect(await hub.held()).toEqual([]);
  expect(await hub.held(true)).toMatchObject([{ id: held?.id, status: 'replayed' }]);
  expect(await hub.personBehind(ADA)).toMatchObject({
    facts: { title: 'CMO' },
    factsAt: { title: minute(0) },
  });
});

test.each([
  ['is not understood', new HubError('data', 'acme_shape', 'No such shape.'), 'acme_shape'],
  ['needs a setting', new HubError('config', 'acme_unmapped', 'Map it.'), 'acme_unmapped'],
  ['breaks the connector', new TypeError('x of undefined'), 'intake_broken'],
])('an event that %s is held, and understood when that is mended', async (_what, error, code) => {
  const mood: Mood = { translate: error };
  using hub = openReceiving(mood);
  await hub.send('CMO');
  await hub.takeInAll();
  const [held] = await hub.held();
  expect(held).toMatchObject({ code, content: { kind: 'envelope' } });
  expect(hub.people()).toEqual([]);
  mood.translate = undefined;
  await hub.replay(held?.id);
  expect(await hub.held()).toEqual([]);
  expect((await hub.personBehind(ADA)).facts.title).toBe('CMO');
});

test('what fails again is held again, for the new reason and since the first time', async () => {
  const mood: Mood = { open: UNREADABLE };
  using hub = openReceiving(mood);
  await hub.send('CMO');
  const [held] = await hub.held();
  mood.open = new HubError('data', 'acme_still_unreadable', 'Still none.');
  await hub.replay(held?.id);
  expect(await hub.held()).toMatchObject([
    { id: held?.id, status: 'held', code: 'acme_still_unreadable', at: minute(0) },
  ]);
});

test('what can only be tried later stays held, and is not lost with the attempt', async () => {
  const mood: Mood = { translate: new HubError('data', 'acme_shape', 'No such shape.') };
  using hub = openReceiving(mood);
  await hub.send('CMO');
  await hub.takeInAll();
  const [held] = await hub.held();
  mood.translate = new HubError('retry', 'acme_down', 'Acme is down.');
  await expect(hub.replay(held?.id)).rejects.toMatchObject({ code: 'acme_down' });
  expect((await findQuarantined(hub.store.records, held?.id ?? '')).status).toBe('held');
  mood.translate = undefined;
  await hub.replay(held?.id);
  await hub.replay(held?.id);
  expect(hub.news).toHaveLength(1);
});

test('an event whose vendor is down is no case for the quarantine', async () => {
  using hub = openReceiving({ translate: new HubError('retry', 'acme_down', 'Acme is down.') });
  await hub.send('CMO');
  await expect(hub.takeInAll()).rejects.toMatchObject({ code: 'acme_down' });
  expect(await hub.held()).toEqual([]);
});

test('what was never held is not replayed', async () => {
  using hub = openReceiving({});
  await expect(hub.replay('q_none')).rejects.toMatchObject({
    name: 'HubError.data',
    code: 'quarantined_unknown',
  });
});
