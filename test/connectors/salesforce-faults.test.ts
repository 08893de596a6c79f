import { type FaultRule, FaultScript } from '#connectors/kit/faults.ts';
import { ADA, GRACE, openOrganization, START } from './salesforce-organization.ts';

const script = (...rules: FaultRule[]) =>
  new FaultScript(
    rules,
    () => START,
    () => 0,
  );
const upsert = { facts: { email: 'z@b.test', lastName: 'Z' } };

describe('The make-believe Salesforce', () => {
  test.each<[FaultRule['fault'], object]>([
    ['throttle', { kind: 'retry', limit: 'concurrent', outcomeUnknown: false }],
    ['quota', { kind: 'retry', limit: 'daily', retryAfterMs: 3_600_000 }],
    ['outage', { kind: 'retry', code: 'salesforce_down' }],
  ])('plays %s as Salesforce does, and goes on when it is over', async (fault, expected) => {
    await using org = await openOrganization({ fake: { faults: script({ fault, times: 1 }) } });
    await expect(org.call('person.upsert', upsert)).rejects.toMatchObject(expected);
    await expect(org.call('person.upsert', upsert)).resolves.toMatchObject({ created: true });
  });

  test('plays a token that is no good any more, which nobody notices', async () => {
    await using org = await openOrganization({
      fake: { faults: script({ fault: 'token', times: 1 }) },
    });
    await expect(org.call('person.upsert', upsert)).resolves.toMatchObject({ created: true });
    expect(org.fake.sessionsOpened()).toBe(2);
  });

  const writes: [string, object][] = [
    ['person.upsert', upsert],
    ['people.upsert', { people: [{ key: 'a', ...upsert }] }],
    ['opportunity.upsert', { name: 'D', stage: 'Prospecting', closeDate: '2026-12-31' }],
  ];
  test.each(writes)(
    'loses the answer of %s after the write, and the repeat makes no second one',
    async (operation, input) => {
      const faults = script({ fault: 'lost-answer', times: 1 });
      await using org = await openOrganization({ fake: { faults } });
      await expect(org.call(operation, input)).rejects.toMatchObject({
        kind: 'retry',
        outcomeUnknown: true,
      });
      const count = org.fake.writes.length;
      expect(count).toBe(1);
      await org.call(operation, input, 'run-1:step:1', true);
      expect(org.fake.writes).toHaveLength(count);
    },
  );

  test('undoes a composite call of which one step fails, and tells nobody', async () => {
    await using org = await openOrganization();
    const id = org.fake.createLead({ Email: 'z@b.test', LastName: 'Z', Company: 'B' }, ADA);
    const sent = org.fake.sent.length;
    const before = { ...org.fake.row(id) };
    const note = { record: { kind: 'task', id: '00T000000000001AAA' }, text: 'x' };
    await expect(org.call('note.create', note)).rejects.toMatchObject({ kind: 'data' });
    expect(org.fake.writes).toEqual([]);
    expect(org.fake.sent).toHaveLength(sent);
    expect(org.fake.row(id)).toEqual(before);
  });

  test.each<[FaultRule['fault'], number[], number[]]>([
    ['duplicate', [0, 0, 1], [0, 0, 1]],
    ['disorder', [1, 0], [1, 0]],
    ['miss', [1], [1]],
    ['late', [1], [1, 0]],
  ])('brings news with %s', async (fault, atOnce, inTheEnd) => {
    await using org = await openOrganization({ fake: { faults: script({ fault, times: 1 }) } });
    const ids = [ADA, GRACE].map((by, index) =>
      org.fake.createLead({ Email: `p${index}@b.test`, LastName: 'Z', Company: 'B' }, by),
    );
    const seen = () => org.fake.sent.map(({ body }) => ids.findIndex((id) => body.includes(id)));
    expect(seen()).toEqual(atOnce);
    org.fake.catchUp();
    expect(seen()).toEqual(inTheEnd);
  });
});
