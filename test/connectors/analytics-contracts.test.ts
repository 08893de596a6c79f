import { jitsu } from '#connectors/jitsu/connector.ts';
import { jitsuSender } from '#connectors/jitsu/fake.ts';
import type { Connector } from '#connectors/kit/connector.ts';
import type { FakeOptions, OutgoingRequest } from '#connectors/kit/fake.ts';
import { FaultScript } from '#connectors/kit/faults.ts';
import { posthog } from '#connectors/posthog/connector.ts';
import { posthogSender } from '#connectors/posthog/fake.ts';
import { rudderstack } from '#connectors/rudderstack/connector.ts';
import { rudderstackSender } from '#connectors/rudderstack/fake.ts';
import { segment } from '#connectors/segment/connector.ts';
import { segmentSender } from '#connectors/segment/fake.ts';
import { signSegment } from '#connectors/segment/signature.ts';
import { snowplow } from '#connectors/snowplow/connector.ts';
import { snowplowSender } from '#connectors/snowplow/fake.ts';
import { MORNING, openDoor } from './analytics-world.ts';

interface Sender {
  readonly connector: Connector;
  connection(): { credentials: object; settings: object };
  /** Sends a page of this visitor. */
  page(visitor: string): void;
  /** A request with an event that nobody named. */
  dull(): OutgoingRequest;
  catchUp(): void;
}

/** Each sender with its own words for the same thing. */
const SENDERS: Readonly<Record<string, (options: FakeOptions) => Sender>> = {
  Segment(options) {
    const sender = segmentSender(options);
    return {
      ...sender,
      connector: segment,
      page: (anonymousId) => sender.send('page', { anonymousId }),
      dull: () => sender.webhook(sender.message('track', { anonymousId: 'v', event: 'Scrolled' })),
    };
  },
  RudderStack(options) {
    const sender = rudderstackSender(options);
    return {
      ...sender,
      connector: rudderstack,
      page: (anonymousId) => sender.send(sender.event('page', { anonymousId })),
      dull: () => sender.request(sender.event('track', { anonymousId: 'v', event: 'Scrolled' })),
    };
  },
  Jitsu(options) {
    const sender = jitsuSender(options);
    return {
      ...sender,
      connector: jitsu,
      page: (anonymousId) => sender.send(sender.event('page', { anonymousId })),
      dull: () => sender.request(sender.event('track', { anonymousId: 'v', event: 'Scrolled' })),
    };
  },
  PostHog(options) {
    const sender = posthogSender(options);
    const event = (name: string, id: string) => sender.event(name, id, { $device_id: id });
    return {
      ...sender,
      connector: posthog,
      page: (visitor) => sender.send(event('$pageview', visitor)),
      dull: () => sender.request(event('$autocapture', 'v')),
    };
  },
  Snowplow(options) {
    const sender = snowplowSender(options);
    return {
      ...sender,
      connector: snowplow,
      page: (domain_userid) => sender.send(sender.event('page_view', { domain_userid })),
      dull: () => sender.request(sender.event('page_ping', { domain_userid: 'v' })),
    };
  },
};
const senders = Object.entries(SENDERS);

/** A sender beside a hub that hears it; time passes as it is told to. */
function open(make: (options: FakeOptions) => Sender, ...faults: FaultRuleOf[]) {
  let at = MORNING.getTime();
  const now = () => new Date(at);
  const sent: OutgoingRequest[] = [];
  const sender = make({
    now,
    notify: (request) => sent.push(request),
    faults: new FaultScript(faults, now, () => 0),
  });
  const door = openDoor(sender.connector, sender.connection(), now);
  return {
    sender,
    door,
    sent,
    pass: (hours: number) => {
      at += hours * 3_600_000;
    },
    /** Whose pages came in, in the order in which they did. */
    async visitors(): Promise<string[]> {
      for (const request of sent.splice(0)) await door.knock(request);
      const events = await Promise.all(door.envelopes.map(door.understand));
      return events.flat().map(({ subject }) => subject.anonymousId ?? 'nobody');
    },
    [Symbol.dispose]: () => door[Symbol.dispose](),
  };
}
type FaultRuleOf = ConstructorParameters<typeof FaultScript>[0][number];

describe.each(senders)('%s is answered with success, or it sends again', (_name, make) => {
  test('what is of no interest, and says no more than that it was received', async () => {
    using world = open(make);
    await expect(world.door.knock(world.sender.dull())).resolves.toMatchObject({ status: 200 });
    const [envelope] = world.door.envelopes;
    expect(envelope && (await world.door.understand(envelope))).toEqual([]);
  });

  test.each([
    ['no JSON', 'nonsense'],
    ['an empty body', ''],
    ['a number', '7'],
    ['null', 'null'],
  ])('%s with the right secret is kept and not sent again', async (_case, body) => {
    using world = open(make);
    const { headers } = world.sender.dull();
    const request = { method: 'POST' as const, headers: signedAnew(headers, body), body };
    await expect(world.door.knock(request)).resolves.toMatchObject({ status: 200 });
    const refused = world.door.envelopes.map((envelope) => world.door.understand(envelope));
    const outcomes = await Promise.allSettled(refused);
    const kept = [...world.door.quarantined(), ...outcomes.map(({ status }) => status)];
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatch(/_unreadable$|^rejected$/);
  });

  test.each([
    ['no secret', () => ({})],
    ['another secret', () => ({ authorization: 'Bearer another-secret-of-many-letters' })],
    ['a signature of something else', () => ({ 'x-signature': '0'.repeat(40) })],
  ])('%s opens no door', async (_case, headers) => {
    using world = open(make);
    const request = { ...world.sender.dull(), headers: headers() };
    await expect(world.door.knock(request)).rejects.toMatchObject({ kind: 'auth' });
    expect(world.door.envelopes).toEqual([]);
  });

  test('the same event has the same key, whatever the request around it', async () => {
    using world = open(make);
    const request = world.sender.dull();
    await world.door.knock(request);
    world.pass(3);
    await world.door.knock(request);
    const [first, second] = world.door.envelopes;
    expect(second?.id).toBe(first?.id);
    expect(second?.dedupeKey).toBe(first?.dedupeKey);
  });
});

describe.each(senders)('news of %s', (_name, make) => {
  test('comes twice under one key', async () => {
    using world = open(make, { fault: 'duplicate' });
    world.sender.page('one');
    expect(await world.visitors()).toEqual(['one', 'one']);
    expect(new Set(world.door.envelopes.map(({ id }) => id)).size).toBe(1);
  });

  test('comes out of order, with the times at which it happened', async () => {
    using world = open(make, { fault: 'disorder', times: 1 });
    world.sender.page('one');
    world.pass(1);
    world.sender.page('two');
    expect(await world.visitors()).toEqual(['two', 'one']);
    const events = await Promise.all(world.door.envelopes.map(world.door.understand));
    const [later, earlier] = events.flat().map(({ at }) => at);
    expect(Date.parse(later ?? '') - Date.parse(earlier ?? '')).toBe(3_600_000);
  });

  test('comes hours late, and tells when it was', async () => {
    using world = open(make, { fault: 'late', times: 1 });
    world.sender.page('one');
    expect(await world.visitors()).toEqual([]);
    world.pass(8);
    world.sender.page('two');
    expect(await world.visitors()).toEqual(['one', 'two']);
    const [late] = await Promise.all(world.door.envelopes.map(world.door.understand));
    expect(late?.[0]?.at).toBe(MORNING.toISOString());
  });

  test('never comes, and what is held back comes in the end', async () => {
    using world = open(make, { fault: 'miss', times: 1 }, { fault: 'late', times: 1 });
    world.sender.page('missed');
    world.sender.page('late');
    world.sender.catchUp();
    expect(await world.visitors()).toEqual(['late']);
  });
});

test('the dedupe key is the one that the vendor names for it', async () => {
  const keys: Record<string, unknown> = {};
  for (const [name, make] of senders) {
    using world = open(make);
    await world.door.knock(world.sender.dull());
    keys[name] = world.door.envelopes[0]?.dedupeKey;
  }
  expect(keys).toEqual({
    Segment: 'segment-000001',
    RudderStack: 'rudder-000001',
    Jitsu: 'jitsu-000001',
    PostHog: '01890a5d-ac96-774b-bcce-000000000001',
    Snowplow: 'c6ef3124-b53a-4b13-a233-000000000001',
  });
});

test('one event of a batch that can’t be read holds up none of the others', async () => {
  const sender = snowplowSender({ now: () => MORNING });
  using door = openDoor(snowplow, sender.connection());
  const good = sender.event('page_view', { domain_userid: 'v' });
  await door.knock(sender.request({ no: 'event' }, good));
  const outcomes = await Promise.allSettled(door.envelopes.map(door.understand));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
});

/** Segment signs the body; the others' headers fit every body. */
function signedAnew(headers: OutgoingRequest['headers'], body: string): OutgoingRequest['headers'] {
  if (!('x-signature' in headers)) return headers;
  return { ...headers, 'x-signature': signSegment(body, 'segment-shared-secret') };
}
