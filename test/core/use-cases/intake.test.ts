import { applyEvent } from '#core/intake/apply-event.ts';
import { MORNING } from '#test/support/embedded-store.ts';
import { interleaved } from '#test/support/failing-records.ts';
import { openIntake } from '#test/support/intake-world.ts';
import { ADA, demoRequest, event, minute, pageView } from '#test/support/lead-events.ts';

const changed = (at: string, title: string) =>
  event<'person.changed'>({
    type: 'person.changed',
    at,
    subject: { email: ADA },
    person: { title },
  });

test('somebody new becomes a contact with an owner and a next action', async () => {
  using intake = openIntake();
  await intake.apply(demoRequest(minute(0)));
  expect(await intake.personBehind(ADA)).toMatchObject({
    facts: { firstName: 'Ada', email: ADA, employees: 480 },
    firstSeenAt: MORNING.toISOString(),
    standing: 'contact',
    owner: { kind: 'queue', id: 'contacts' },
    nextAction: { at: MORNING.toISOString() },
    capture: { form: 'Demo Requested', handRaiser: true },
    source: 'website',
    suppressed: false,
  });
  expect(intake.news).toEqual([
    { event: demoRequest(minute(0)), personId: (await intake.personBehind(ADA)).id },
  ]);
});

test('an address is the same in capitals and with spaces around it', async () => {
  using intake = openIntake();
  await intake.apply(
    demoRequest(minute(0)),
    pageView(minute(1), { email: ` ${ADA.toUpperCase()} ` }),
  );
  expect(intake.people()).toHaveLength(1);
  expect((await intake.personBehind(ADA)).facts.email).toBe(ADA);
});

test('the same event again changes nothing, not even how often a row was written', async () => {
  using intake = openIntake();
  const events = [demoRequest(minute(0)), pageView(minute(1), { anonymousId: 'v1' })];
  await intake.apply(...events);
  const before = intake.store.rows();
  for (const one of events) expect(await applyEvent(intake.deps(), one)).toBe('repeat');
  expect(intake.store.rows()).toEqual(before);
  expect(intake.news).toHaveLength(2);
});

test('a late event goes where it belongs and undoes nothing newer', async () => {
  using intake = openIntake();
  await intake.apply(changed(minute(10), 'CMO'), changed(minute(5), 'VP Marketing'));
  await intake.apply(pageView(minute(-60), { email: ADA }, 'Careers'));
  await intake.apply(pageView(minute(-90), { email: ADA }, 'Security'));
  const ada = await intake.personBehind(ADA);
  expect(ada).toMatchObject({ facts: { title: 'CMO' }, firstSeenAt: minute(-90) });
  expect((await intake.touchesOf(ada)).map(({ name }) => name)).toEqual(['Security', 'Careers']);
});

test('a late form does not undo what the person asked for since', async () => {
  using intake = openIntake();
  await intake.apply(
    demoRequest(minute(10), { need: 'newer' }),
    demoRequest(minute(5), { need: 'older', form: 'Newsletter', handRaiser: false }),
  );
  expect((await intake.personBehind(ADA)).capture).toMatchObject({ need: 'newer' });
});

test('the source is the one that came first, whichever was heard of first', async () => {
  using intake = openIntake();
  const campaign = { source: 'google', medium: 'cpc' };
  await intake.apply(demoRequest(minute(10)), demoRequest(minute(5), { campaign }));
  expect((await intake.personBehind(ADA)).source).toBe('google');
});

test('two events that create the same person at the same time make one', async () => {
  using intake = openIntake();
  const first = demoRequest(minute(0));
  const second = changed(minute(1), 'CMO');
  await Promise.all([applyEvent(intake.deps(), first), applyEvent(intake.deps(), second)]);
  expect(intake.people()).toHaveLength(1);
  expect((await intake.personBehind(ADA)).facts).toMatchObject({ firstName: 'Ada', title: 'CMO' });
});

test('whoever was slower creates nobody twice under another name', async () => {
  using intake = openIntake();
  const external = [{ connection: 'hubspot', kind: 'contact', id: '51' }];
  const known = event<'person.changed'>({
    type: 'person.changed',
    at: minute(1),
    connection: 'hubspot',
    subject: { external },
    person: { phone: '+49 40 1' },
  });
  const both = demoRequest(minute(0), { subject: { email: ADA, external } });
  const slow = interleaved(intake.store.records, 1, () => applyEvent(intake.deps(), both));
  await applyEvent(intake.deps(slow), known);
  expect(intake.people()).toHaveLength(1);
  expect((await intake.personBehind(ADA)).facts).toMatchObject({ phone: '+49 40 1' });
});

test('what several connections say of one address is about one person', async () => {
  using intake = openIntake();
  const told = ['website', 'hubspot', 'marketo'].map((connection, index) =>
    demoRequest(minute(index), {
      connection,
      subject: { email: ADA, external: [{ connection, kind: 'contact', id: String(index) }] },
    }),
  );
  await intake.apply(...told);
  expect(intake.people()).toHaveLength(1);
  expect((await intake.personBehind(ADA)).external).toHaveLength(3);
});

test('two who turn out to be one are not mixed up: the log says that they may be merged', async () => {
  using intake = openIntake();
  const external = [{ connection: 'hubspot', kind: 'contact', id: '51' }];
  await intake.apply(
    demoRequest(minute(0)),
    event<'person.changed'>({
      type: 'person.changed',
      at: minute(1),
      subject: { external },
      person: { phone: '1' },
    }),
    demoRequest(minute(2), { subject: { email: ADA, external } }),
  );
  const ada = await intake.personBehind(ADA);
  const other = intake.people().find(({ id }) => id !== ada.id);
  expect(other?.facts).toEqual({ phone: '1' });
  const log = intake.store.rows().filter(({ type, pk }) => type === 'log' && pk.endsWith(ada.id));
  expect(JSON.parse(log.at(-1)?.data ?? '')).toMatchObject({ detail: { mergeWith: [other?.id] } });
});

test.each([
  ['nobody at all', {}],
  ['an empty list of references', { external: [] }],
])('an event about %s is refused', async (_what, subject) => {
  using intake = openIntake();
  await expect(intake.apply(pageView(minute(0), subject))).rejects.toMatchObject({
    name: 'HubError.data',
    code: 'subject_missing',
  });
  expect(intake.store.rows()).toEqual([]);
});

test.each([
  ['an address nobody has', { email: 'nobody@nowhere.example' }],
  ['a hand-off of another hub', { handoffId: 'ho_per_of_another_hub_1.0' }],
])('a signal about %s is refused and makes no person', async (_what, subject) => {
  using intake = openIntake();
  const signal = event<'handoff.accepted'>({
    type: 'handoff.accepted',
    at: minute(0),
    subject,
    by: { email: 'anna.keller@northwind.example' },
    via: 'slack',
  });
  await expect(intake.apply(signal)).rejects.toMatchObject({
    name: 'HubError.data',
    code: 'person_unknown',
  });
  expect(intake.store.rows()).toEqual([]);
});
