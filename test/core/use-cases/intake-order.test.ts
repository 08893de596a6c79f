import * as fc from 'fast-check';
import type { CanonicalEvent, PersonFacts, Subject } from '#core/events.ts';
import type { Person } from '#core/records/person.ts';
import { openIntake } from '#test/support/intake-world.ts';
import { ADA, demoRequest, event, minute, pageView } from '#test/support/lead-events.ts';

const subject = fc.constantFrom<Subject>(
  { email: ADA },
  { email: ADA, anonymousId: 'v1' },
  { email: ADA, external: [{ connection: 'hubspot', kind: 'contact', id: '51' }] },
);
// Few instants, so that many events share one: vendors tell the time to the second.
const at = fc.integer({ min: -5, max: 5 }).map(minute);
const facts: fc.Arbitrary<PersonFacts> = fc.record(
  {
    title: fc.constantFrom('CMO', 'VP Marketing', 'Student'),
    employees: fc.constantFrom(12, 480, 5200),
    country: fc.constantFrom('DE', 'US'),
    unsubscribed: fc.boolean(),
  },
  { requiredKeys: [] },
);

const news: fc.Arbitrary<CanonicalEvent> = fc.oneof(
  fc
    .record({ at, subject, person: facts })
    .map((told) => event<'person.changed'>({ type: 'person.changed', ...told })),
  fc
    .record({
      at,
      subject,
      person: facts,
      handRaiser: fc.boolean(),
      form: fc.constantFrom('a', 'b'),
    })
    .map(({ at: when, ...told }) => demoRequest(when, told)),
  fc.tuple(at, subject).map(([when, whom]) => pageView(when, whom)),
  fc
    .tuple(at, fc.constantFrom('Pricing', 'Security'))
    .map(([when, name]) => pageView(when, { anonymousId: 'v1' }, name)),
  fc
    .record({ at, subject, granted: fc.boolean() })
    .map((told) => event<'consent.changed'>({ type: 'consent.changed', channel: 'all', ...told })),
  fc
    .record({ at, subject })
    .map((told) => event<'person.erased'>({ type: 'person.erased', ...told })),
);

/** What is left of a set of events: everything but in which order references were learnt. */
async function outcomeOf(events: readonly CanonicalEvent[]) {
  using intake = openIntake();
  await intake.apply(...events);
  const [person, ...others] = intake.people();
  expect(others).toEqual([]);
  const touches = person === undefined ? [] : await intake.touchesOf(person);
  return { person: person && comparable(person), touches };
}

const comparable = ({ external, anonymousIds, ...person }: Person) => ({
  ...person,
  external: external.map(({ id }) => id).sort(),
  anonymousIds: [...anonymousIds].sort(),
  // When somebody was first seen is also when the queue of contacts began to wait.
  nextAction: undefined,
});

test('in whatever order and however often events come, the person and their touches are the same', async () => {
  const shuffled = fc.array(news, { minLength: 1, maxLength: 6 }).chain((events) =>
    fc.tuple(
      fc.constant(events),
      fc.shuffledSubarray([...events, ...events], {
        minLength: events.length * 2,
        maxLength: events.length * 2,
      }),
    ),
  );
  await fc.assert(
    fc.asyncProperty(shuffled, async ([events, again]) => {
      expect(await outcomeOf(again)).toEqual(await outcomeOf(events));
    }),
    { numRuns: 60 },
  );
});

const erased = (when: string) =>
  event<'person.erased'>({ type: 'person.erased', at: when, subject: { email: ADA } });

test('nothing that was true before an erasure comes back, however late it is told', async () => {
  using intake = openIntake();
  await intake.apply(demoRequest(minute(0)), erased(minute(10)));
  await intake.apply(demoRequest(minute(5), { person: { firstName: 'Ada', title: 'CMO' } }));
  expect(await intake.personBehind(ADA)).toMatchObject({ facts: {}, suppressed: true });
  expect((await intake.personBehind(ADA)).capture).toBeUndefined();
});

test('an erasure that is told late takes nothing that was given since', async () => {
  using intake = openIntake();
  await intake.apply(demoRequest(minute(10)), erased(minute(0)));
  expect(await intake.personBehind(ADA)).toMatchObject({
    facts: { firstName: 'Ada' },
    capture: { handRaiser: true },
    suppressed: true,
  });
});

test('a consent that was withdrawn stays so when the giving of it is told late', async () => {
  using intake = openIntake();
  const consent = (when: string, granted: boolean) =>
    event<'consent.changed'>({
      type: 'consent.changed',
      at: when,
      subject: { email: ADA },
      channel: 'all',
      granted,
    });
  await intake.apply(consent(minute(10), false), consent(minute(5), true));
  expect((await intake.personBehind(ADA)).suppressed).toBe(true);
  await intake.apply(consent(minute(15), true));
  expect((await intake.personBehind(ADA)).suppressed).toBe(false);
});
