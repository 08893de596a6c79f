import type { RawRequest } from '#connectors/kit/connector.ts';
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

const header = {
  entityName: 'Lead',
  recordIds: ['00Q000000000001EAA'],
  changeType: 'UPDATE',
  changeOrigin: 'com/salesforce/api/rest/66.0;client=Else',
  transactionKey: 't1',
  sequenceNumber: 1,
  commitTimestamp: 1795313868000,
  commitUser: '005000000000002AAA',
  nulledFields: [],
  diffFields: [],
  changedFields: ['Status', 'LastModifiedDate'],
};
const busEvent = (more: object, fields: object = {}, organization = ORGANIZATION) =>
  JSON.stringify({
    version: '0',
    id: 'e1',
    'detail-type': 'LeadChangeEvent',
    source: `aws.partner/salesforce.com/${organization}/0YL5f000000CabWGAS`,
    detail: {
      schemaId: 's',
      id: 'i',
      payload: { ChangeEventHeader: { ...header, ...more }, ...fields },
    },
  });
const json = (body: string, headers: Record<string, string> = { 'x-baton-token': SECRET }) =>
  received({ method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });

describe('A change event', () => {
  test('of several records is a delivery for each, with keys that a repeat has, too', async () => {
    await using org = await openOrganization();
    const recordIds = ['00Q000000000001EAA', '00Q000000000002EAA'];
    const deliveries = await org.open(json(busEvent({ recordIds })));
    expect(deliveries.map(({ dedupeKey, group }) => ({ dedupeKey, group }))).toEqual(
      recordIds.map((id) => ({
        dedupeKey: `t1:1:${id}`,
        group: `00D5f000005KcCn:Lead:${id.slice(0, 15)}`,
      })),
    );
    expect(await org.open(json(busEvent({ recordIds })))).toEqual(deliveries);
  });

  test('that lost its fields on the way is read again', async () => {
    await using org = await openOrganization();
    const id = lead(org);
    org.fake.setStatus(id, 'Unqualified', GRACE);
    const gap = { changeType: 'GAP_UPDATE', changedFields: [], recordIds: [id] };
    expect(await org.translate(json(busEvent(gap)))).toMatchObject([{ type: 'handoff.rejected' }]);
    const made = { changeType: 'GAP_CREATE', changedFields: [], recordIds: [id] };
    expect(await org.translate(json(busEvent(made)))).toMatchObject([{ type: 'person.changed' }]);
  });

  test.each([
    ['of an object that the hub does not follow', { entityName: 'Case' }],
    ['of a record that is gone', { recordIds: ['00Q000000000099EAA'] }],
    ['of a deletion', { changeType: 'DELETE' }],
  ])('%s tells nothing', async (_, more) => {
    await using org = await openOrganization();
    lead(org);
    expect(await org.translate(json(busEvent(more, { Status: 'Unqualified' })))).toEqual([]);
  });

  test('of a platform event that names no record tells nothing', async () => {
    await using org = await openOrganization();
    const event = JSON.parse(busEvent({}));
    event.detail.payload = { EventUuid: 'u1', CreatedDate: '2026-11-22T09:00:00.000Z' };
    expect(await org.open(json(JSON.stringify(event)))).toEqual([]);
  });

  test('without the list of changed fields is judged by what came along', async () => {
    await using org = await openOrganization();
    const id = lead(org);
    const event = busEvent(
      { recordIds: [id], changedFields: undefined, commitUser: org.fake.userId(GRACE) },
      { Status: 'Working - Contacted' },
    );
    expect(await org.translate(json(event))).toMatchObject([
      { type: 'handoff.accepted', by: { email: GRACE } },
    ]);
  });

  test('that carries an owner who did not change is no yes', async () => {
    await using org = await openOrganization();
    const id = lead(org);
    const event = busEvent(
      { recordIds: [id], changedFields: ['Title'] },
      { Title: 'CEO', OwnerId: org.fake.userId(ADA) },
    );
    expect(await org.translate(json(event))).toMatchObject([{ type: 'person.changed' }]);
  });

  test('of a task that is not done tells nothing', async () => {
    await using org = await openOrganization();
    const id = lead(org);
    const taskId = org.fake.logCall(id, ADA, 'Hello');
    await org.news();
    org.fake.changeFields(taskId, { Status: 'In Progress' }, ADA);
    expect(await org.news()).toEqual([]);
  });

  const bad = expect.objectContaining({ kind: 'auth', code: 'signature_invalid' });
  test.each<[string, RawRequest, unknown]>([
    ['without a secret', json(busEvent({}), {}), bad],
    ['with another secret', json(busEvent({}), { 'x-baton-token': `${SECRET}x` }), bad],
    ['with half of the secret', json(busEvent({}), { 'x-baton-token': SECRET.slice(0, 9) }), bad],
    ['with the secret in another header', json(busEvent({}), { 'x-token': SECRET }), bad],
    [
      'of another organisation',
      json(busEvent({}, {}, '00D5f000005KcCmEAK')),
      expect.objectContaining({ kind: 'auth', code: 'salesforce_sender_unknown' }),
    ],
    ['that is no JSON', json('<a>'), expect.objectContaining({ kind: 'data' })],
    ['of another shape', json('{"a":1}'), expect.objectContaining({ kind: 'data' })],
  ])('%s is refused', async (_, request, expected) => {
    await using org = await openOrganization();
    await expect(org.open(request)).rejects.toEqual(expected);
  });

  test('is answered with an empty 200', async () => {
    await using org = await openOrganization();
    expect(org.inbound.acknowledge(json('{}'))).toEqual({ status: 200, headers: {}, body: '' });
  });
});
