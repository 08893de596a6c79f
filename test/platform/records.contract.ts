import { isHubError } from '#core/errors.ts';
import type { Item, Key, Page, Query, Records, Write } from '#core/ports/records.ts';

export interface RecordsUnderTest {
  readonly records: Records;
  dispose(): Promise<void>;
}

/** What every implementation of Records must do. `make` answers an empty store for each test. */
export function recordsContract(name: string, make: () => Promise<RecordsUnderTest>): void {
  const fresh = async () => {
    const { records, dispose } = await make();
    return { records, [Symbol.asyncDispose]: dispose };
  };

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
        await expect(store.records.write([{ put: item('a'), if: 'absent' }])).rejects.toMatchObject(
          {
            name: 'HubError.conflict',
            code: 'write_conflict',
          },
        );
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
        expect((await store.records.get(key('a')))?.data).toBe(
          many(20)[outcomes.indexOf('written')],
        );
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

    describe('queries', () => {
      const SKS = ['a#1', 'a#2', 'a#3', 'b#1', 'b#2', 'c'];

      test.each<[string, Omit<Query, 'pk'>, string[]]>([
        ['everything, ascending', {}, SKS],
        ['everything, descending', { descending: true }, [...SKS].reverse()],
        ['a prefix', { prefix: 'a#' }, ['a#1', 'a#2', 'a#3']],
        ['a prefix, descending', { prefix: 'b', descending: true }, ['b#2', 'b#1']],
        ['an empty prefix', { prefix: '' }, SKS],
        ['a prefix that nothing has', { prefix: 'x' }, []],
        ['between, both ends included', { between: ['a#2', 'b#1'] }, ['a#2', 'a#3', 'b#1']],
        ['between two absent keys', { between: ['a', 'b'] }, ['a#1', 'a#2', 'a#3']],
        ['between, descending', { between: ['b#1', 'z'], descending: true }, ['c', 'b#2', 'b#1']],
        ['the first two', { limit: 2 }, ['a#1', 'a#2']],
        ['the last two', { limit: 2, descending: true }, ['c', 'b#2']],
        ['one of a prefix', { limit: 1, prefix: 'b#' }, ['b#1']],
      ])('answers %s', async (_what, query, expected) => {
        await using store = await fresh();
        await store.records.write(SKS.map((sk) => ({ put: item(sk) })));
        await store.records.write([{ put: { ...item('a#9'), pk: `${PK}0` } }]);
        const page = await store.records.query({ pk: PK, ...query });
        expect(page.items.map((one) => one.sk)).toEqual(expected);
      });

      test('wildcards in a prefix stand for themselves', async () => {
        await using store = await fresh();
        const sks = ['50%', '50x', 'a_b', 'axb', 'q*', 'qq', 'r[1]', 'r1'];
        await store.records.write(sks.map((sk) => ({ put: item(sk) })));
        for (const prefix of ['50%', 'a_', 'q*', 'r[1']) {
          const found = await all(store.records, { pk: PK, prefix });
          expect(found.map((one) => one.sk)).toEqual(sks.filter((sk) => sk.startsWith(prefix)));
        }
      });

      test('sort keys are ordered by their UTF-8 bytes', async () => {
        await using store = await fresh();
        const sks = ['Z', 'a', 'z', 'ä', '中', '\uFF5E', '🎉'];
        await store.records.write([...sks].reverse().map((sk) => ({ put: item(sk) })));
        expect((await all(store.records, { pk: PK })).map((one) => one.sk)).toEqual(sks);
      });

      test('a prefix ends where the last code point that has it ends', async () => {
        await using store = await fresh();
        const sks = ['p', 'p\u{10FFFF}', 'p🎉', 'pz', 'q'];
        await store.records.write(sks.map((sk) => ({ put: item(sk) })));
        expect(await all(store.records, { pk: PK, prefix: 'p' })).toHaveLength(4);
      });

      test('a page holds a hundred items unless told otherwise', async () => {
        await using store = await fresh();
        await fill(store.records, 130);
        const first = await store.records.query({ pk: PK });
        expect(first.items).toHaveLength(100);
        const second = await store.records.query({ pk: PK, after: first.next });
        expect(second.items).toHaveLength(30);
        expect(second.next).toBeUndefined();
      });

      test.each([
        ['ascending', false],
        ['descending', true],
      ])('pages follow each other without gap or repeat, %s', async (_order, descending) => {
        await using store = await fresh();
        const sks = await fill(store.records, 25);
        const pages = await pagesOf(store.records, { pk: PK, limit: 10, descending });
        expect(Math.max(...pages.map((page) => page.items.length))).toBe(10);
        const found = pages.flatMap((page) => page.items.map((one) => one.sk));
        expect(found).toEqual(descending ? [...sks].reverse() : sks);
      });

      test('a page goes on behind a record that was removed meanwhile', async () => {
        await using store = await fresh();
        const sks = await fill(store.records, 6);
        const first = await store.records.query({ pk: PK, limit: 3 });
        await store.records.write(first.items.map((one) => ({ remove: key(one.sk) })));
        const rest = await all(store.records, { pk: PK, after: first.next });
        expect(rest.map((one) => one.sk)).toEqual(sks.slice(3));
      });

      test('paging works inside a prefix and between two keys', async () => {
        await using store = await fresh();
        const sks = await fill(store.records, 30);
        const prefixed = await all(store.records, { pk: PK, prefix: 'n01', limit: 3 });
        expect(prefixed.map((one) => one.sk)).toEqual(sks.filter((sk) => sk.startsWith('n01')));
        const between = await all(store.records, { pk: PK, between: ['n0005', 'n0016'], limit: 5 });
        expect(between).toHaveLength(12);
      });

      test('a page token nobody gave out is refused', async () => {
        await using store = await fresh();
        const query = store.records.query({ pk: PK, after: 'not a token' });
        await expect(query).rejects.toMatchObject({ name: 'HubError.data', code: 'page_unknown' });
      });
    });

    describe('the index', () => {
      const indexed = (sk: string, gsi1sk: string, gsi1pk = 'owner#kim'): Item => ({
        ...item(sk),
        gsi1pk,
        gsi1sk,
      });

      test('finds the records that have its keys, in its own order', async () => {
        await using store = await fresh();
        await store.records.write([
          { put: indexed('a', '2027-03') },
          { put: indexed('b', '2027-01') },
          { put: { ...indexed('c', '2027-02'), pk: 'person#2' } },
          { put: indexed('d', '2027-02', 'owner#lee') },
          { put: item('e') },
        ]);
        await eventually(async () => {
          const found = await all(store.records, { index: 'gsi1', pk: 'owner#kim' });
          expect(found.map((one) => one.sk)).toEqual(['b', 'c', 'a']);
          expect(found[0]).toEqual(indexed('b', '2027-01'));
        });
        const until: Query = { index: 'gsi1', pk: 'owner#kim', between: ['2026', '2027-02'] };
        const early = await all(store.records, until);
        expect(early.map((one) => one.sk)).toEqual(['b', 'c']);
      });

      test('follows a record that moves, and forgets one that is removed', async () => {
        await using store = await fresh();
        await store.records.write([{ put: indexed('a', '1') }, { put: indexed('b', '2') }]);
        await store.records.write([
          { put: { ...indexed('a', '1', 'owner#lee'), version: 2 }, if: { version: 1 } },
          { remove: key('b') },
        ]);
        await eventually(async () => {
          expect(await all(store.records, { index: 'gsi1', pk: 'owner#kim' })).toEqual([]);
          expect(await all(store.records, { index: 'gsi1', pk: 'owner#lee' })).toHaveLength(1);
        });
      });

      test.each([
        ['ascending', false],
        ['descending', true],
      ])('pages through records with equal index keys, %s', async (_order, descending) => {
        await using store = await fresh();
        const sks = many(12);
        await store.records.write(
          sks.map((sk, at) => ({ put: { ...indexed(sk, `day#${at % 2}`), pk: `person#${at}` } })),
        );
        await eventually(async () => {
          const query: Query = {
            index: 'gsi1',
            pk: 'owner#kim',
            prefix: 'day#',
            limit: 5,
            descending,
          };
          const found = await all(store.records, query);
          expect(found.map((one) => one.sk).sort()).toEqual(sks);
          const days = found.map((one) => one.gsi1sk);
          expect(days).toEqual(descending ? [...days].sort().reverse() : [...days].sort());
        });
      });
    });
  });
}

const PK = 'person#1';

function key(sk: string): Key {
  return { pk: PK, sk };
}

function item(sk: string, version = 1, data: unknown = { sk }): Item {
  return { pk: PK, sk, type: 'thing', version, data };
}

/** `n0000`, `n0001` and so on: names in order. */
function many(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `n${String(at).padStart(4, '0')}`);
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

async function fill(records: Records, count: number): Promise<string[]> {
  const sks = many(count);
  for (let at = 0; at < count; at += 100)
    await records.write(sks.slice(at, at + 100).map((sk) => ({ put: item(sk) })));
  return sks;
}

async function pagesOf(records: Records, query: Query): Promise<Page[]> {
  const pages: Page[] = [];
  let after = query.after;
  do {
    const page = await records.query({ ...query, after });
    pages.push(page);
    after = page.next;
  } while (after !== undefined && pages.length < 100);
  return pages;
}

async function all(records: Records, query: Query): Promise<Item[]> {
  return (await pagesOf(records, query)).flatMap((page) => page.items);
}

/** An index may lag: waits up to two seconds for the assertions to hold. */
async function eventually(assertions: () => Promise<void>): Promise<void> {
  for (const _attempt of many(40)) {
    const held = await assertions().then(
      () => true,
      () => false,
    );
    if (held) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await assertions();
}
