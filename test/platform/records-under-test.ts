import type { Item, Key, Page, Query, Records } from '#core/ports/records.ts';

export interface RecordsUnderTest {
  readonly records: Records;
  dispose(): Promise<void>;
}

/** Makes a store for each test, which ends with it. */
export const freshOf = (make: () => Promise<RecordsUnderTest>) => async () => {
  const { records, dispose } = await make();
  return { records, [Symbol.asyncDispose]: dispose };
};

export type FreshRecords = ReturnType<typeof freshOf>;

export const PK = 'person#1';

export function key(sk: string): Key {
  return { pk: PK, sk };
}

export function item(sk: string, version = 1, data: unknown = { sk }): Item {
  return { pk: PK, sk, type: 'thing', version, data };
}

/** `n0000`, `n0001` and so on: names in order. */
export function many(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `n${String(at).padStart(4, '0')}`);
}

export async function pagesOf(records: Records, query: Query): Promise<Page[]> {
  const pages: Page[] = [];
  let after = query.after;
  do {
    const page = await records.query({ ...query, after });
    pages.push(page);
    after = page.next;
  } while (after !== undefined && pages.length < 100);
  return pages;
}

export async function all(records: Records, query: Query): Promise<Item[]> {
  return (await pagesOf(records, query)).flatMap((page) => page.items);
}

/** An index may lag: waits up to two seconds for the assertions to hold. */
export async function eventually(assertions: () => Promise<void>): Promise<void> {
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
