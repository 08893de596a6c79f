import { embeddedBus } from '#platform/embedded/embedded-bus.ts';
import { openStore } from '#test/support/embedded-store.ts';
import { demoRequest, minute } from '#test/support/lead-events.ts';

const HOUR_MS = 3_600_000;

test('news for one listener alone keeps none of the person’s other news waiting', async () => {
  using store = openStore();
  const bus = embeddedBus(store.db, store.jobs, store.now);
  const first = { event: demoRequest(minute(-2)), personId: 'per_1' };
  const next = { event: demoRequest(minute(-1)), personId: 'per_1' };
  await bus.publish([{ ...first, only: 'conversions' }]);
  await bus.publish([next]);

  const now = store.now().getTime();
  const [conversions, other] = [store.jobs.take(now), store.jobs.take(now)];
  expect(conversions).toMatchObject({ payload: { only: 'conversions' } });
  expect(other).toMatchObject({ payload: { event: { id: next.event.id } } });
  // A vendor of analytics is down: that news is put off, and what comes now is done all the same.
  if (conversions !== undefined && 'payload' in conversions) {
    await store.db.write(() => store.jobs.putOff(conversions, now + HOUR_MS));
  }
  if (other !== undefined && 'payload' in other) {
    await store.db.write(() => store.jobs.finish(other));
  }
  await bus.publish([{ event: demoRequest(minute(0)), personId: 'per_1' }]);
  expect(store.jobs.take(now)).toMatchObject({ payload: { event: { at: minute(0) } } });
});
