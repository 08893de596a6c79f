import axios from 'axios';
import { hubspotWebhooks } from '#connectors/hubspot/fake-webhooks.ts';
import type { OutgoingRequest } from '#connectors/kit/fake.ts';
import { segmentSender } from '#connectors/segment/fake.ts';
import { listQuarantined } from '#core/quarantine.ts';
import { ADA } from '#test/support/lead-events.ts';
import { type SandboxHub, startSandboxHub } from '#test/support/sandbox-hub.ts';
import { askForDemo, followAda } from '#test/support/sandbox-lead.ts';

interface Sent {
  readonly path: string;
  readonly request: OutgoingRequest;
}

/** Sends a request to the hub as a vendor does, and answers all that a vendor sees. */
async function send({ url }: SandboxHub, { path, request }: Sent) {
  const { status, headers, data } = await axios.post(`${url}${path}`, request.body, {
    headers: { ...request.headers },
    validateStatus: () => true,
    transformRequest: (body: unknown) => body,
    transformResponse: (body: unknown) => body,
  });
  return {
    status: status as number,
    type: headers['content-type'] as unknown,
    body: data as string,
  };
}

const storeOf = (sandbox: SandboxHub) => {
  const { sql } = sandbox.hub().db;
  return {
    items: sql.prepare('select * from items order by pk, sk').all(),
    jobs: sql.prepare('select * from jobs order by seq').all(),
  };
};

/** One request of every vendor that tells the hub something, as it would arrive. */
async function requestOfEach(sandbox: SandboxHub): Promise<Record<string, Sent>> {
  const { vendors, post } = sandbox;
  askForDemo(sandbox);
  await sandbox.settle();
  const sent: Sent[] = [];
  post.listen((path, request) => sent.push({ path, request }));
  vendors.website.send('page', { anonymousId: 'v', properties: { title: 'Pricing' } });
  vendors.hubspot.createContact({ email: 'grace@harvard-mark.com' });
  vendors.salesforce.createLeadFromForm({
    email: 'mary@difference.com',
    lastName: 'Somerville',
    company: 'Difference',
  });
  const lead = vendors.marketo.addLead({ email: 'joan@colossus.com' });
  vendors.marketo.callWebhook(lead.id, { event: 'mql', eventKey: 'k1' });
  const message = (await followAda(sandbox).invitations()).at(-1);
  vendors.slack.clickButton(message?.channel ?? '', message?.ts ?? '', 'U0001', 'accept');
  return Object.fromEntries(sent.map((one) => [one.path.split('/')[2] ?? '', one]));
}

const PROOF = /signature|x-hub-token|x-baton-token|authorization/;

/** The same request with the last character of its proof changed. */
function forged({ path, request }: Sent): Sent {
  const headers = Object.entries(request.headers).map(([name, value]) =>
    PROOF.test(name)
      ? [name, value.replace(/.(?=.{2}$)/, (one) => (one === 'a' ? 'b' : 'a'))]
      : [name, value],
  );
  return { path, request: { ...request, headers: Object.fromEntries(headers) } };
}

test('every vendor is believed by its proof alone, answered in its own way, and kept before it is answered', async () => {
  await using sandbox = await startSandboxHub();
  const requests = await requestOfEach(sandbox);
  const before = storeOf(sandbox);
  expect(Object.keys(requests).sort()).toEqual([
    'hubspot',
    'marketo',
    'salesforce',
    'segment',
    'slack',
  ]);
  for (const [vendor, sent] of Object.entries(requests)) {
    expect({ vendor, ...(await send(sandbox, forged(sent))) }).toMatchObject({
      vendor,
      status: 401,
    });
    const changed = { ...sent.request, body: `${sent.request.body} ` };
    const isSigned = ['segment', 'hubspot', 'slack'].includes(vendor);
    if (isSigned) expect((await send(sandbox, { ...sent, request: changed })).status).toBe(401);
  }
  expect(storeOf(sandbox)).toEqual(before);

  const answers: Record<string, unknown> = {};
  for (const [vendor, sent] of Object.entries(requests)) {
    const { status, body } = await send(sandbox, sent);
    answers[vendor] = [status, body];
  }
  expect(answers).toEqual({
    segment: [200, '{"received":true}'],
    hubspot: [200, ''],
    salesforce: [200, ''],
    marketo: [200, '{"received":true}'],
    slack: [200, ''],
  });
  const jobs = sandbox
    .hub()
    .db.sql.prepare("select grp from jobs where kind = 'envelope' and done_at is null");
  expect(jobs.all()).toHaveLength(5);
});

test('what the store can not take is not said to be taken, and may come again', async () => {
  await using sandbox = await startSandboxHub();
  const { sql } = sandbox.hub().db;
  const sender = segmentSender({ now: () => sandbox.clock.now() });
  const sent = {
    path: '/in/segment/website',
    request: sender.webhook(sender.message('identify', { userId: 'u1', traits: { email: ADA } })),
  };
  sql.exec(
    "create temp trigger full before insert on jobs begin select raise(abort, 'disk full'); end",
  );
  expect((await send(sandbox, sent)).status).toBe(500);
  sql.exec('drop trigger full');
  expect((await send(sandbox, sent)).status).toBe(200);
  await sandbox.settle();
  expect(await followAda(sandbox).person()).toMatchObject({ facts: { email: ADA } });
});

test.each([
  ['a connection that nobody configured', '/in/segment/nowhere'],
  ['a connection of another vendor', '/in/marketo/website'],
  ['a vendor who sends nothing', '/in/people-data-labs/enrichment'],
  ['no route at all', '/in/segment'],
])('%s is answered 404, and leaves no trace', async (_what, path) => {
  await using sandbox = await startSandboxHub();
  const sender = segmentSender({ now: () => sandbox.clock.now() });
  const request = sender.webhook(sender.message('identify', { userId: 'u1' }));
  const before = storeOf(sandbox);
  const { status, body } = await send(sandbox, { path, request });
  expect([status, JSON.parse(body)]).toEqual([
    404,
    { error: { code: expect.any(String), message: expect.any(String) } },
  ]);
  expect(storeOf(sandbox)).toEqual(before);
});

test('a body beyond what any vendor sends is not read', async () => {
  await using sandbox = await startSandboxHub();
  const body = 'x'.repeat(1_000_001);
  const path = '/in/segment/website';
  const request = { method: 'POST' as const, headers: { 'content-type': 'text/plain' }, body };
  expect((await send(sandbox, { path, request })).status).toBe(413);
  const streamed = await fetch(`${sandbox.url}${path}`, {
    method: 'POST',
    body: new Blob([body]).stream(),
    duplex: 'half',
  } as RequestInit);
  expect(streamed.status).toBe(413);
});

test('a batch of a hundred is a hundred envelopes, and the same batch again none', async () => {
  await using sandbox = await startSandboxHub();
  const { connections, credentials } = sandbox.vendors.wiring;
  const settings = connections.find(({ name }) => name === 'hubspot')?.settings as {
    portalId: number;
    appId: number;
    publicUrl: string;
  };
  const { clientSecret } = credentials['hubspot'] as { clientSecret: string };
  const requests: OutgoingRequest[] = [];
  const webhooks = hubspotWebhooks({
    ...settings,
    targetUrl: settings.publicUrl,
    now: () => sandbox.clock.now(),
    clientSecret,
    notify: (request) => requests.push(request),
  });
  webhooks.send(
    Array.from({ length: 100 }, (_, at) => ({
      subscriptionType: 'contact.creation',
      objectId: 1000 + (at % 40),
      changeSource: 'CRM_UI',
    })),
  );
  const [request] = requests;
  if (request === undefined) throw new Error('Nothing was sent.');
  const path = '/in/hubspot/hubspot';
  const count = () =>
    sandbox.hub().db.sql.prepare('select count(*) as jobs, sum(copies) as copies from jobs').get();
  expect((await send(sandbox, { path, request })).status).toBe(200);
  expect(count()).toMatchObject({ jobs: 100, copies: 0 });
  expect((await send(sandbox, { path, request })).status).toBe(200);
  expect(count()).toMatchObject({ jobs: 100, copies: 100 });
});

describe('the tracking API', () => {
  const tracked = (sandbox: SandboxHub, writeKey: string, path: string, message: object) =>
    axios.post(`${sandbox.url}${path}`, message, {
      validateStatus: () => true,
      headers: { authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}` },
    });
  const identify = { userId: 'u1', anonymousId: 'v1', traits: { email: ADA, title: 'CMO' } };

  test('finds its connection by the write key', async () => {
    await using sandbox = await startSandboxHub();
    const { writeKey } = sandbox.vendors.wiring.credentials['website'] as { writeKey: string };
    const { status, data } = await tracked(sandbox, writeKey, '/v1/identify', identify);
    expect([status, data]).toEqual([200, { success: true }]);
    const inBody = { ...identify, writeKey, messageId: 'm2', traits: { title: 'CTO' } };
    expect((await axios.post(`${sandbox.url}/v1/identify`, inBody)).status).toBe(200);
    await sandbox.settle();
    expect((await followAda(sandbox).person()).facts).toEqual({ email: ADA, title: 'CTO' });
  });

  test('takes a batch apart', async () => {
    await using sandbox = await startSandboxHub();
    const { writeKey } = sandbox.vendors.wiring.credentials['website'] as { writeKey: string };
    const page = (at: number) => ({ type: 'page', messageId: `m${at}`, anonymousId: `v${at}` });
    const batch = Array.from({ length: 30 }, (_, at) => page(at));
    expect((await tracked(sandbox, writeKey, '/v1/batch', { batch })).status).toBe(200);
    expect(sandbox.hub().jobs.count(sandbox.clock.now().getTime())).toEqual({ open: 30, due: 30 });
  });

  test.each(['wrong', ''])('refuses the write key %j', async (writeKey) => {
    await using sandbox = await startSandboxHub();
    const before = storeOf(sandbox);
    expect((await tracked(sandbox, writeKey, '/v1/track', identify)).status).toBe(401);
    expect(storeOf(sandbox)).toEqual(before);
  });
});

test('a request that is believed and makes no sense is thanked for, and held', async () => {
  await using sandbox = await startSandboxHub();
  const headers = {
    'content-type': 'application/json',
    'x-hub-token': 'marketo-webhook-token',
    'x-hub-event': 'mql',
  };
  const request = { method: 'POST' as const, headers, body: '{"leadId": 17, "email": ' };
  expect(await send(sandbox, { path: '/in/marketo/marketo', request })).toMatchObject({
    status: 200,
    body: '{"received":true}',
  });
  const held = await listQuarantined(sandbox.hub().hub.records);
  expect(held).toMatchObject([{ connection: 'marketo', code: 'marketo_webhook_unreadable' }]);
  expect(JSON.stringify(held)).not.toContain('marketo-webhook-token');
});

test('the hub says that it is up, and how much there is to do', async () => {
  await using sandbox = await startSandboxHub();
  const { data } = await axios.get(`${sandbox.url}/health`);
  expect(data).toEqual({ status: 'up', open: 0, due: 0 });
});
