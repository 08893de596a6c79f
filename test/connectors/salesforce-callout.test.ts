import { createHmac } from 'node:crypto';
import type { OutgoingRequest } from '#connectors/kit/fake.ts';
import { signCallout } from '#connectors/salesforce/callout.ts';
import {
  ADA,
  GRACE,
  leadOf,
  ORGANIZATION,
  openOrganization,
  received,
  SECRET,
} from './salesforce-organization.ts';

type Organization = Awaited<ReturnType<typeof openOrganization>>;
const lead = (org: Organization) => leadOf(org).id;
const callout = (recordId: string, more: object = {}) => ({
  id: 'c1',
  organizationId: ORGANIZATION,
  recordId,
  at: '2026-11-22T09:00:00.000Z',
  ...more,
});
const altered = (request: OutgoingRequest, headers: Record<string, string>, body = request.body) =>
  received({ ...request, headers: { ...request.headers, ...headers }, body });

describe('A callout', () => {
  test.each(['apex', 'flow'] as const)('of %s is a delivery under its own key', async (by) => {
    await using org = await openOrganization();
    const id = lead(org);
    org.fake.setStatus(id, 'Unqualified', GRACE);
    const request = received(org.fake.callOut(callout(id, { userId: org.fake.userId(GRACE) }), by));
    expect((await org.open(request)).map(({ dedupeKey }) => dedupeKey)).toEqual(['c1']);
    expect(await org.translate(request)).toMatchObject([
      { type: 'handoff.rejected', by: { email: GRACE } },
    ]);
  });

  test('of a new lead has the key that every other word of it has', async () => {
    await using org = await openOrganization();
    const id = org.fake.createLeadFromForm({ email: 'z@b.test', lastName: 'Z', company: 'B' });
    const keys = async (request: OutgoingRequest) =>
      (await org.open(received(request))).map(({ dedupeKey }) => dedupeKey);
    const created = ['Lead:00Q000000000001:created'];
    expect(await keys(org.fake.callOut(callout(id, { kind: 'created' }), 'apex'))).toEqual(created);
    const [event] = org.fake.sent;
    if (event === undefined) throw new Error('nothing was sent');
    expect(await keys(event)).toEqual(created);
    expect(await keys(org.fake.sendOutboundMessage([id]))).toEqual(created);
    const { deliveries } = await org.follow('leads', { from: org.clock.at });
    expect(deliveries.map(({ dedupeKey }) => dedupeKey)).toEqual(created);
  });

  test('that names what changed tells only that', async () => {
    await using org = await openOrganization();
    const id = lead(org);
    const changed = (names: string[]) =>
      org.translate(
        received(org.fake.callOut(callout(id, { kind: 'updated', changed: names }), 'flow')),
      );
    expect(await changed(['Title'])).toMatchObject([{ type: 'person.changed' }]);
    expect(await changed(['Description'])).toEqual([]);
  });

  test('is signed over its time and its body', async () => {
    const mac = (text: string) =>
      `sha256=${createHmac('sha256', SECRET).update(text).digest('hex')}`;
    expect(signCallout('{}', SECRET, '1795337000000')).toBe(mac('1795337000000.{}'));
    expect(signCallout('{}', SECRET)).toBe(mac('{}'));
  });

  const HOUR_MS = 3_600_000;
  test.each<[string, (org: Organization) => Parameters<typeof received>[0], object]>([
    [
      'with another body',
      (org) => {
        const request = org.fake.callOut(callout('00Q000000000001EAA'), 'apex');
        return { ...request, body: request.body.replace('c1', 'c2') };
      },
      { code: 'signature_invalid' },
    ],
    [
      'with another time',
      (org) => {
        const request = org.fake.callOut(callout('00Q000000000001EAA'), 'apex');
        return { ...request, headers: { ...request.headers, 'x-hub-timestamp': '1795337000001' } };
      },
      { code: 'signature_invalid' },
    ],
    [
      'of another hour',
      (org) => {
        const request = org.fake.callOut(callout('00Q000000000001EAA'), 'apex');
        org.pass(HOUR_MS);
        return request;
      },
      { code: 'signature_stale' },
    ],
    [
      'with a wrong bearer',
      (org) => {
        const request = org.fake.callOut(callout('00Q000000000001EAA'), 'flow');
        return { ...request, headers: { ...request.headers, authorization: 'Bearer else' } };
      },
      { code: 'signature_invalid' },
    ],
    [
      'of another organisation',
      (org) =>
        org.fake.callOut(
          callout('00Q000000000001EAA', { organizationId: '00D5f000005KcCmEAK' }),
          'apex',
        ),
      { kind: 'auth', code: 'salesforce_sender_unknown' },
    ],
    [
      'of another shape',
      (org) => org.fake.callOut(callout('00Q000000000001EAA', { at: 'noon' }), 'apex'),
      { kind: 'data', code: 'salesforce_body_unreadable' },
    ],
  ])('%s is refused', async (_, request, expected) => {
    await using org = await openOrganization();
    await expect(org.open(received(request(org)))).rejects.toMatchObject(expected);
  });

  test('with a wrong signature is not saved by a right secret', async () => {
    await using org = await openOrganization();
    const request = org.fake.callOut(callout('00Q000000000001EAA'), 'flow');
    const both = altered(request, { 'x-hub-signature-256': 'sha256=00', 'x-baton-token': SECRET });
    await expect(org.open(both)).rejects.toMatchObject({ code: 'signature_invalid' });
  });

  test('about a record that the hub does not follow tells nothing', async () => {
    await using org = await openOrganization();
    const request = org.fake.callOut(callout('500000000000001AAA'), 'apex');
    expect(await org.open(received(request))).toEqual([]);
  });
});

describe('A platform event', () => {
  test('that names a record is a reason to look at it, known by its own id', async () => {
    await using org = await openOrganization();
    const id = lead(org);
    org.fake.setStatus(id, 'Working - Contacted', GRACE);
    await org.news();
    org.fake.tellPlatformEvent('Lead_Taken__e', { Record_Id__c: id }, GRACE);
    const request = received(org.fake.sent.at(-1) ?? { method: 'POST', headers: {}, body: '' });
    expect((await org.open(request)).map(({ dedupeKey }) => dedupeKey)).toEqual([
      expect.stringMatching(/^10000000-0000-4000-8000-\d{12}$/),
    ]);
    expect(await org.translate(request)).toMatchObject([
      { type: 'handoff.accepted', by: { email: GRACE } },
    ]);
  });
});

describe('An overflow', () => {
  test('is made good through the stream of its entity', async () => {
    await using org = await openOrganization({ fake: { pageSize: 3 } });
    org.fake.createLeadFromForm({ email: 'old@b.test', lastName: 'Z', company: 'B' });
    org.pass(3_600_000);
    const emails = Array.from({ length: 7 }, (_, index) => `p${index}@b.test`);
    for (const email of emails) {
      org.fake.createLeadFromForm({ email, lastName: 'Z', company: 'B' });
    }
    await org.news();
    org.fake.tellOverflow('Lead');
    const events = await org.news();
    expect(events.map(({ type, subject }) => [type, subject.email])).toEqual(
      emails.map((email) => ['lead.captured', email]),
    );
    expect(new Set(events.map(({ sourceId }) => sourceId)).size).toBe(7);
  });

  test('of what has no stream tells nothing', async () => {
    await using org = await openOrganization();
    org.fake.tellOverflow('User');
    expect(await org.news()).toEqual([]);
  });
});

describe('A change event', () => {
  test('tells a field that was emptied among the changed ones', async () => {
    await using org = await openOrganization();
    const id = lead(org);
    await org.news();
    org.fake.changeFields(id, { LastName: null }, ADA);
    const [delivery] = await org.open(
      received(org.fake.sent.at(-1) ?? { method: 'POST', headers: {}, body: '' }),
    );
    expect(delivery?.body).toMatchObject({
      changed: expect.arrayContaining(['LastName']),
      fields: { LastName: null },
    });
  });
});
