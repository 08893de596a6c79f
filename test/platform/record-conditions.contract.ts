import { isHubError } from '#core/errors.ts';
import type { Key, Records, Write } from '#core/ports/records.ts';
import { all, type FreshRecords, item, key, many, PK } from './records-under-test.ts';

/** How records are written under conditions, together, and by several writers at the same time. */
export function recordConditionsContract(fresh: FreshRecords): void {
  describe('conditions', () => {
    test.each<[string, (stored: Key) => Write, boolean]>([
      ['put if absent', () => ({ put: item('a', 1), if: 'absent' }), false],
      ['put if version 2', () => ({ put: item('a', 3), if: { version: 2 } }), true],
      ['put if version 1', () => ({ put: item('a', 3), if: { version: 1 } }), false],
      ['put if version 3', () => ({ put: item('a', 3), if: { version: 3 } }), false],
      ['remove if version 2', (stored) => ({ remove: stored, if: { version: 2 } }), true],
      ['remove if version 1', (stored) => ({ remove: stored, if: { version: 1 } }), false],
      ['remove if absent', (stored) => ({ remove: stored, if: 'absent' }), false],
      ['check of version 2', (stored) => ({ check: stored, if: { version: 2 } }), true],
      ['check of version 1', (stored) => ({ check: stored, if: { version: 1 } }), false],
      ['check of absence', (stored) => ({ check: stored, if: 'absent' }), false],
    ])('on a record of version 2: %s', async (_what, write, holds) => {
      await using store = await fresh();
      await store.records.write([{ put: item('a', 2) }]);
      for (const writes of aloneAndTogether(write(key('a')))) {
        await store.records.write([{ put: item('a', 2) }]);
        expect(await outcome(store.records, writes)).toBe(holds ? 'written' : 'write_conflict');
      }
    });

    test.each<[string, Write, boolean]>([
      ['put if absent', { put: item('a', 1), if: 'absent' }, true],
      ['put if version 1', { put: item('a', 2), if: { version: 1 } }, false],
      ['remove if version 1', { remove: key('a'), if: { version: 1 } }, false],
      ['remove if absent', { remove: key('a'), if: 'absent' }, true],
      ['check of version 1', { check: key('a'), if: { version: 1 } }, false],
      ['check of absence', { check: key('a'), if: 'absent' }, true],
    ])('on no record: %s', async (_what, write, holds) => {
      await using store = await fresh();
      for (const writes of aloneAndTogether(write)) {
        await store.records.write([{ remove: key('a') }]);
        expect(await outcome(store.records, writes)).toBe(holds ? 'written' : 'write_conflict');
      }
    });

    test('a conflict is a HubError of the kind conflict', async () => {
      await using store = await fresh();
      await store.records.write([{ put: item('a') }]);
      await expect(store.records.write([{ put: item('a'), if: 'absent' }])).rejects.toMatchObject({
        name: 'HubError.conflict',
        code: 'write_conflict',
      });
    });
  });

  describe('transactions', () => {
    test('a hundred writes go through together', async () => {
      await using store = await fresh();
      await store.records.write(many(100).map((sk) => ({ put: item(sk), if: 'absent' })));
      expect(await all(store.records, { pk: PK })).toHaveLength(100);
    });

    test('a hundred writes, the last of which does not hold, change nothing', async () => {
      await using store = await fresh();
      await store.records.write([{ put: item('taken', 1, { first: true }) }]);
      const writes: Write[] = many(98).map((sk) => ({ put: item(sk) }));
      writes.push({ remove: key('taken') }, { check: key('other'), if: { version: 1 } });
      expect(await outcome(store.records, writes)).toBe('write_conflict');
      expect(await all(store.records, { pk: PK })).toEqual([item('taken', 1, { first: true })]);
    });

    test('101 writes are refused as a defect, before anything is written', async () => {
      await using store = await fresh();
      const writes = many(101).map((sk): Write => ({ put: item(sk) }));
      await expect(store.records.write(writes)).rejects.toMatchObject({
        name: 'HubError.defect',
        code: 'too_many_writes',
      });
      expect(await all(store.records, { pk: PK })).toEqual([]);
    });

    test('a record named twice is refused as a defect', async () => {
      await using store = await fresh();
      await expect(
        store.records.write([{ put: item('a', 1) }, { check: key('a'), if: 'absent' }]),
      ).rejects.toMatchObject({ name: 'HubError.defect', code: 'record_written_twice' });
      expect(await store.records.get(key('a'))).toBeUndefined();
    });

    test('puts, removals and checks of several partitions go together', async () => {
      await using store = await fresh();
      const other = { ...item('x', 4), pk: 'person#2' };
      await store.records.write([{ put: other }, { put: item('old') }]);
      await store.records.write([
        { put: item('new'), if: 'absent' },
        { remove: key('old'), if: { version: 1 } },
        { check: { pk: 'person#2', sk: 'x' }, if: { version: 4 } },
      ]);
      expect(await all(store.records, { pk: PK })).toEqual([item('new')]);
    });
  });

  describe('writers at the same time', () => {
    test('of 20 who put the same record if absent, one wins', async () => {
      await using store = await fresh();
      const outcomes = await Promise.all(
        many(20).map((who) => patiently(store.records, { put: item('a', 1, who), if: 'absent' })),
      );
      expect(outcomes.filter((one) => one === 'written')).toHaveLength(1);
      expect((await store.records.get(key('a')))?.data).toBe(many(20)[outcomes.indexOf('written')]);
    });

    test.each([
      ['one write', false],
      ['a transaction', true],
    ])(
      '20 increments, each as %s tried again on conflict, lose nothing',
      async (_how, together) => {
        await using store = await fresh();
        await store.records.write([{ put: item('counter', 1, 0) }]);
        await Promise.all(many(20).map((who) => increment(store.records, who, together)));
        expect(await store.records.get(key('counter'))).toMatchObject({ version: 21, data: 20 });
        const notes = await all(store.records, { pk: PK, prefix: 'note#' });
        expect(notes).toHaveLength(together ? 20 : 0);
      },
      30_000,
    );
  });
}

/** A store may take one write on another way than several: each condition is tried on both. */
function aloneAndTogether(write: Write): Write[][] {
  return [[write], [write, { put: item('bystander') }]];
}

async function outcome(records: Records, writes: readonly Write[]): Promise<string> {
  return records.write(writes).then(
    () => 'written',
    (error: unknown) => {
      if (isHubError(error)) return error.code;
      throw error;
    },
  );
}

/** Tries again while the store says `retry`, as every caller of the port does. */
async function patiently(records: Records, write: Write): Promise<string> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    try {
      await records.write([write]);
      return 'written';
    } catch (error) {
      if (isHubError(error, 'conflict')) return error.code;
      if (!isHubError(error, 'retry')) throw error;
      await pause();
    }
  }
  return 'never written';
}

async function increment(records: Records, who: string, together: boolean): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const stored = await records.get(key('counter'));
    if (stored === undefined) throw new Error('The counter is gone.');
    const counted = item('counter', stored.version + 1, Number(stored.data) + 1);
    const writes: Write[] = [{ put: counted, if: { version: stored.version } }];
    if (together) writes.push({ put: item(`note#${who}`), if: 'absent' });
    try {
      return await records.write(writes);
    } catch (error) {
      if (!isHubError(error, 'conflict', 'retry')) throw error;
      await pause();
    }
  }
  throw new Error(`${who} never got through.`);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
}
