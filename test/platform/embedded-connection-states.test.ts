import { recordStates } from '#platform/aws/record-states.ts';
import { embeddedStates } from '#platform/embedded/connection-states.ts';
import { openStore } from '#test/support/embedded-store.ts';
import { connectionStatesContract } from './connection-states.contract.ts';

connectionStatesContract(
  'embeddedStates',
  async () => {
    const store = openStore();
    return {
      openWorker: (now) => embeddedStates(store.records, now),
      dispose: async () => store.dispose(),
    };
  },
  false,
);

connectionStatesContract(
  'recordStates over SQLite',
  async () => {
    const store = openStore();
    return {
      openWorker: () => recordStates(store.records),
      dispose: async () => store.dispose(),
    };
  },
  true,
);

test('a hub that is started again goes on with the count of the day, and knows what is down', async () => {
  using store = openStore();
  let at = Date.parse('2026-12-07T09:00:00.000Z');
  const now = () => new Date(at);
  const day = { resetsAt: at + 3_600_000, used: 1, grants: [], warned: false };
  const before = embeddedStates(store.records, now);
  await before.change('crm', (state) => ({ state: { ...state, day } }));
  at += 60_000;
  await before.change('crm', (state) => ({ state: { ...state, day: { ...day, used: 2 } } }));
  await before.change('crm', (state) => ({ state: { ...state, day: { ...day, used: 3 } } }));
  const again = embeddedStates(store.records, now);
  expect((await again.change('crm', (state) => ({ state }))).state.day).toMatchObject({ used: 2 });

  const open = { since: at, probeAt: at + 15_000, pauseMs: 15_000, probing: false };
  await again.change('crm', (state) => ({
    state: { ...state, breaker: { failures: 5, lastFailureAt: at, open } },
  }));
  const third = embeddedStates(store.records, now);
  expect((await third.change('crm', (state) => ({ state }))).state.breaker.open).toEqual(open);
});
