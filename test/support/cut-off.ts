import type { Hub } from '#core/ports/hub.ts';
import { meaningOf } from './embedded-store.ts';
import { failingAtWrite } from './failing-records.ts';
import type { HubOfRecords } from './hand-off-world.ts';

type World = Pick<HubOfRecords, 'hub' | 'store' | 'operations' | 'mails'> & Disposable;

/** What can be seen of a hub from outside and inside: its records, and each effect once. */
const seen = ({ store, operations, mails }: World) => ({
  rows: meaningOf(store.rows()),
  effects: [...new Set(operations.calls.map(({ key, operation }) => `${operation} ${key}`))].sort(),
  mails: [...new Set(mails.map(({ messageId }) => messageId))].sort(),
});

/**
 * Does something in a fresh world for every write it makes, each time ended before that write and
 * then done again; answers what came of each, the one that was never cut off last.
 */
export async function cutOffAtEveryWrite<W extends World>(
  open: () => Promise<W>,
  act: (hub: Hub, world: W) => Promise<unknown>,
): Promise<ReturnType<typeof seen>[]> {
  const outcomes: ReturnType<typeof seen>[] = [];
  for (let n = 1, cutOff = true; cutOff; n += 1) {
    using world = await open();
    const records = failingAtWrite(world.store.records, n);
    await act({ ...world.hub, records }, world).catch((error: unknown) =>
      expect(error).toMatchObject({ code: 'cut_off' }),
    );
    cutOff = records.failed;
    await act(world.hub, world);
    outcomes.push(seen(world));
  }
  return outcomes;
}
