import type { Item } from '#core/ports/records.ts';
import { recordConditionsContract } from './record-conditions.contract.ts';
import { recordQueriesContract } from './record-queries.contract.ts';
import {
  all,
  eventually,
  freshOf,
  item,
  key,
  type RecordsUnderTest,
} from './records-under-test.ts';

/** What every implementation of Records must do. `make` answers an empty store for each test. */
export function recordsContract(name: string, make: () => Promise<RecordsUnderTest>): void {
  const fresh = freshOf(make);

  describe(`${name} keeps the contract of Records`, () => {
    describe('reading and writing', () => {
      test('a record nobody wrote is undefined', async () => {
        await using store = await fresh();
        expect(await store.records.get(key('nobody'))).toBeUndefined();
      });

      test('a write is read at once, with everything it held', async () => {
        await using store = await fresh();
        const full: Item = {
          ...item('a', 1, {
            deep: { list: [1, 'two', null, { three: 3.5 }], none: [], empty: '' },
          }),
          gsi1pk: 'owner#kim',
          gsi1sk: '2027-01-05',
          expiresAt: 4_102_444_800,
        };
        await store.records.write([{ put: full }]);
        expect(await store.records.get(key('a'))).toEqual(full);
      });

      test.each([
        ['null', null],
        ['a text', 'plain'],
        ['a list', [1, 2]],
        ['a number with a fraction', 0.1 + 0.2],
        ['the largest safe integer', Number.MAX_SAFE_INTEGER],
        ['a number beyond the safe integers', 2 ** 60],
        ['a negative number', -12.75],
        ['false', false],
        ['an empty object', {}],
        [
          'names with dots, dollars, spaces and unicode',
          { 'a.b': 1, $c: 2, 'd e': 3, 名前: 4, '': 5 },
        ],
      ])('data may be %s', async (_what, data) => {
        await using store = await fresh();
        await store.records.write([{ put: item('a', 1, data) }]);
        expect((await store.records.get(key('a')))?.data).toEqual(data);
      });

      test('what JSON has no word for is left out, also deep inside', async () => {
        await using store = await fresh();
        const data = { kept: 1, gone: undefined, deep: [{ gone: undefined, kept: 2 }] };
        await store.records.write([
          { put: { ...item('a', 1, data), gsi1pk: undefined, gsi1sk: undefined } },
        ]);
        const stored = await store.records.get(key('a'));
        expect(stored?.data).toStrictEqual({ kept: 1, deep: [{ kept: 2 }] });
        expect(Object.keys(stored ?? {}).sort()).toEqual(['data', 'pk', 'sk', 'type', 'version']);
      });

      test('a second put replaces the whole record, its index keys and its end too', async () => {
        await using store = await fresh();
        const indexed = { ...item('a', 1, { old: true }), gsi1pk: 'g', gsi1sk: '1', expiresAt: 9 };
        await store.records.write([{ put: indexed }]);
        await store.records.write([{ put: item('a', 2, { fresh: true }) }]);
        expect(await store.records.get(key('a'))).toStrictEqual(item('a', 2, { fresh: true }));
        await eventually(async () => {
          expect(await all(store.records, { index: 'gsi1', pk: 'g' })).toEqual([]);
        });
      });

      test('a removed record is gone, and removing it again is no error', async () => {
        await using store = await fresh();
        await store.records.write([{ put: item('a') }]);
        await store.records.write([{ remove: key('a') }]);
        await store.records.write([{ remove: key('a') }]);
        expect(await store.records.get(key('a'))).toBeUndefined();
      });

      test('nothing to write is no error', async () => {
        await using store = await fresh();
        await expect(store.records.write([])).resolves.toBeUndefined();
      });

      test('what was read can be changed in vain only: nothing stored changes', async () => {
        await using store = await fresh();
        await store.records.write([{ put: item('a', 1, { list: [1] }) }]);
        const read = (await store.records.get(key('a'))) as { data: { list: number[] } };
        try {
          read.data.list.push(2);
        } catch (error) {
          // Some stores hand out the same frozen data to everybody.
          expect(error).toBeInstanceOf(TypeError);
        }
        expect((await store.records.get(key('a')))?.data).toEqual({ list: [1] });
      });

      test.each([
        ['accents and emoji', 'person#zoë@müller.example', 'touch#🎉'],
        ['a script without spaces', '人物#田中', '接触#一'],
        ['separators and quotes', `a#b/c|d'e"f`, 'x%y_z\\n'],
        ['a line break and a NUL', 'a\nb', 'c\u0000d'],
      ])('keys may hold %s', async (_what, pk, sk) => {
        await using store = await fresh();
        await store.records.write([{ put: { pk, sk, type: 'thing', version: 1, data: {} } }]);
        expect(await store.records.get({ pk, sk })).toMatchObject({ pk, sk });
        expect(await all(store.records, { pk })).toHaveLength(1);
      });

      test('keys that differ in case or in composition are different keys', async () => {
        await using store = await fresh();
        const sks = ['Ada', 'ada', 'é', 'e\u0301'];
        await store.records.write(sks.map((sk) => ({ put: item(sk, 1, { sk }) })));
        for (const sk of sks) expect((await store.records.get(key(sk)))?.data).toEqual({ sk });
      });

      test('a record of 300 KB is kept', async () => {
        await using store = await fresh();
        const text = 'ä'.repeat(150_000);
        await store.records.write([{ put: item('big', 1, { text }) }]);
        expect((await store.records.get(key('big')))?.data).toEqual({ text });
      });
    });

    recordConditionsContract(fresh);
    recordQueriesContract(fresh);
  });
}
