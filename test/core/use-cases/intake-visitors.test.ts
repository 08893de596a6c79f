import { applyEvent } from '#core/intake/apply-event.ts';
import { meaningOf } from '#test/support/embedded-store.ts';
import { failingAtWrite, interleaved } from '#test/support/failing-records.ts';
import { openIntake } from '#test/support/intake-world.ts';
import { ADA, demoRequest, event, minute, pageView } from '#test/support/lead-events.ts';

const VISITOR = { anonymousId: 'v1' };
const asVisitor = { subject: { ...VISITOR, email: ADA } };

test('what a visitor did joins the person, back-dated, once they are known', async () => {
  using intake = openIntake();
  await intake.apply(
    pageView(minute(-50), VISITOR, 'Careers'),
    pageView(minute(-40), VISITOR, 'Pricing'),
  );
  expect(intake.people()).toEqual([]);
  await intake.apply(demoRequest(minute(0), asVisitor));
  const ada = await intake.personBehind(ADA);
  expect((await intake.touchesOf(ada)).map(({ at, name }) => [at, name])).toEqual([
    [minute(-50), 'Careers'],
    [minute(-40), 'Pricing'],
    [minute(0), 'Demo Requested'],
  ]);
  expect(ada.firstSeenAt).toBe(minute(-50));
  expect(intake.store.rows().filter(({ pk }) => pk.startsWith('VISITOR#'))).toEqual([]);
});

test('what brought the visitor is what brought the person', async () => {
  using intake = openIntake();
  const campaign = { source: 'google', medium: 'cpc' };
  const seen = event<'touch.recorded'>({
    type: 'touch.recorded',
    at: minute(-50),
    subject: VISITOR,
    touch: { kind: 'page-visited', name: 'Pricing', campaign },
  });
  await intake.apply(seen, demoRequest(minute(0), asVisitor));
  expect((await intake.personBehind(ADA)).source).toBe('google');
});

test('a visitor who is known stays known', async () => {
  using intake = openIntake();
  await intake.apply(demoRequest(minute(0), asVisitor), pageView(minute(5), VISITOR, 'Security'));
  const touches = await intake.touchesOf(await intake.personBehind(ADA));
  expect(touches.map(({ name }) => name)).toEqual(['Demo Requested', 'Security']);
});

test('more touches than a transaction takes are joined too', async () => {
  using intake = openIntake();
  for (let at = 0; at < 130; at += 1) await intake.apply(pageView(minute(at - 200), VISITOR));
  await intake.apply(demoRequest(minute(0), asVisitor));
  expect(await intake.touchesOf(await intake.personBehind(ADA))).toHaveLength(131);
});

test('a tablet at a fair brings many people, and each is their own', async () => {
  using intake = openIntake();
  const grace = 'grace@harvard-mark.com';
  await intake.apply(
    demoRequest(minute(0), asVisitor),
    demoRequest(minute(5), {
      subject: { ...VISITOR, email: grace },
      person: { email: grace, firstName: 'Grace' },
    }),
  );
  expect(intake.people()).toHaveLength(2);
  expect((await intake.personBehind(ADA)).facts).toMatchObject({ firstName: 'Ada', email: ADA });
  expect((await intake.personBehind(grace)).facts.firstName).toBe('Grace');
});

test('who is known by an account of the product is the same once the address is there', async () => {
  using intake = openIntake();
  const signedUp = event<'person.changed'>({
    type: 'person.changed',
    at: minute(0),
    subject: { ...VISITOR, userId: 'u-7' },
    person: { firstName: 'Ada' },
  });
  await intake.apply(signedUp, demoRequest(minute(5), asVisitor));
  expect(intake.people()).toHaveLength(1);
});

test('traits of a visitor nobody knows are no mistake of the sender', async () => {
  using intake = openIntake();
  await intake.apply(
    event<'person.changed'>({
      type: 'person.changed',
      at: minute(0),
      subject: VISITOR,
      person: { company: 'Analytical Engines' },
    }),
  );
  expect(intake.people()).toEqual([]);
  expect(intake.news).toHaveLength(1);
});

test('a page seen while the visitor becomes known is not left behind', async () => {
  using intake = openIntake();
  const known = () => applyEvent(intake.deps(), demoRequest(minute(0), asVisitor));
  const slow = interleaved(intake.store.records, 1, known);
  await applyEvent(intake.deps(slow), pageView(minute(-1), VISITOR, 'Pricing'));
  const touches = await intake.touchesOf(await intake.personBehind(ADA));
  expect(touches.map(({ name }) => name)).toEqual(['Pricing', 'Demo Requested']);
});

test('a process that ends at any write leaves nothing half: sent again, all is as if nothing had been', async () => {
  const events = [
    ...Array.from({ length: 60 }, (_, at) => pageView(minute(at - 100), VISITOR, `page ${at}`)),
    demoRequest(minute(0), asVisitor),
  ];
  using whole = openIntake();
  await whole.apply(...events);
  const expected = meaningOf(whole.store.rows());

  let n = 1;
  for (let cutOff = true; cutOff; n += 1) {
    using intake = openIntake();
    await intake.apply(...events.slice(0, -1));
    const cut = failingAtWrite(intake.store.records, n);
    const applied = applyEvent(intake.deps(cut), demoRequest(minute(0), asVisitor));
    await applied.catch((error: unknown) => expect(error).toMatchObject({ code: 'cut_off' }));
    cutOff = cut.failed;
    await intake.apply(...events);
    expect(meaningOf(intake.store.rows())).toEqual(expected);
    expect(new Set(intake.news.map((one) => one.event.id)).size).toBe(events.length);
  }
  // The event, twice some of the touches, that it was published: and one in which all went well.
  expect(n).toBeGreaterThanOrEqual(5);
});
