import { openPortal } from './hubspot-portal.ts';

const ZOE = { facts: { email: 'zoe@buyer.test' } };
const HOUR = 3_600_000;

describe('A portal in trouble', () => {
  test.each([
    ['throttle', { kind: 'retry', limit: 'TEN_SECONDLY_ROLLING', retryAfterMs: 10_000 }],
    ['quota', { kind: 'retry', limit: 'daily' }],
    ['outage', { kind: 'retry' }],
    ['token', { kind: 'auth', code: 'hubspot_credentials_refused' }],
  ] as const)('answers as HubSpot does: %s', async (fault, expected) => {
    await using desk = await openPortal({ faults: [{ fault, times: 2 }] });
    await expect(desk.call('person.upsert', ZOE)).rejects.toMatchObject(expected);
    expect(desk.fake.writes).toEqual([]);
  });

  test('limits searches apart', async () => {
    await using desk = await openPortal({ faults: [{ fault: 'throttle', path: '/search' }] });
    await expect(desk.call('person.upsert', ZOE)).resolves.toMatchObject({ created: true });
    await expect(
      desk.call('opportunity.search', { changedSince: '2026-11-22T08:00:00Z' }),
    ).rejects.toMatchObject({ limit: 'SECONDLY', retryAfterMs: 1_000 });
  });

  test('does what it never answers: nobody knows, and the next try finds it', async () => {
    await using desk = await openPortal({ faults: [{ fault: 'lost-answer', times: 1 }] });
    await expect(desk.call('person.upsert', ZOE)).rejects.toMatchObject({
      kind: 'retry',
      outcomeUnknown: true,
    });
    await expect(desk.call('person.upsert', ZOE)).resolves.toMatchObject({ created: false });
    expect(desk.fake.writes).toHaveLength(1);
  });

  test('refuses one of a batch and writes the others', async () => {
    await using desk = await openPortal({ faults: [{ fault: 'partial', times: 1 }] });
    const people = ['a', 'b', 'c'].map((key) => ({ key, email: `${key}@b.test`, facts: {} }));
    expect(await desk.call('people.upsert', { people })).toMatchObject({
      outcomes: [
        { key: 'a', refused: { code: 'VALIDATION_ERROR' } },
        { key: 'b', created: true },
        { key: 'c', created: true },
      ],
    });
  });
});

describe('News in trouble', () => {
  const sentFor = async (fault: 'duplicate' | 'disorder' | 'late' | 'miss') => {
    const desk = await openPortal({ faults: [{ fault, times: 1 }] });
    desk.fake.createContact({ email: 'a@b.test' });
    desk.pass(60_000);
    desk.fake.createContact({ email: 'c@d.test' });
    const soon = (await desk.news()).map(({ subject }) => subject.email);
    desk.pass(3 * HOUR);
    desk.fake.createContact({ email: 'e@f.test' });
    const later = (await desk.news()).map(({ subject }) => subject.email);
    await desk[Symbol.asyncDispose]();
    return { soon, later };
  };

  test.each([
    ['duplicate', ['a@b.test', 'a@b.test', 'c@d.test'], ['e@f.test']],
    ['disorder', ['c@d.test', 'a@b.test'], ['e@f.test']],
    ['late', ['c@d.test'], ['e@f.test', 'a@b.test']],
    ['miss', ['c@d.test'], ['e@f.test']],
  ] as const)('comes as it does: %s', async (fault, soon, later) => {
    expect(await sentFor(fault)).toEqual({ soon, later });
  });

  test('that never came is found by the stream', async () => {
    await using desk = await openPortal({ faults: [{ fault: 'miss' }] });
    const id = desk.fake.createContactFromForm({ email: 'a@b.test', form: 'Demo' });
    expect(await desk.news()).toEqual([]);
    const { deliveries } = await desk.follow('contacts', {
      from: new Date('2026-11-22T08:00:00Z'),
    });
    const told = (await Promise.all(deliveries.map((one) => desk.tell(one)))).flat();
    expect(told.filter(({ type }) => type === 'lead.captured')).toMatchObject([
      { subject: { external: [{ id }] }, handRaiser: true },
    ]);
  });
});
