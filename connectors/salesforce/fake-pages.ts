import { refused } from './fake-errors.ts';
import type { Found } from './fake-soql.ts';

/** Results of queries of more than one page, kept until they are read or forgotten. */
export interface QueryPages {
  first(found: Found): Record<string, unknown>;
  next(locator: string): Record<string, unknown>;
  /** As after two days. */
  forget(): void;
}

export function queryPages(pageSize: number): QueryPages {
  const kept = new Map<string, Found>();
  const page = (found: Found, locator: string, start: number) => {
    const end = start + pageSize;
    const done = end >= found.rows.length;
    return {
      totalSize: found.rows.length,
      done,
      ...(done ? {} : { nextRecordsUrl: `/services/data/v66.0/query/${locator}-${end}` }),
      records: found.rows.slice(start, end).map((row) => found.show(row)),
    };
  };
  return {
    first(found) {
      const locator = `01g${String(kept.size + 1).padStart(15, '0')}`;
      if (found.rows.length > pageSize) kept.set(locator, found);
      return page(found, locator, 0);
    },
    next(address) {
      const [locator = '', start] = address.split('-');
      const found = kept.get(locator);
      if (found === undefined) throw refused('INVALID_QUERY_LOCATOR', 'invalid query locator');
      return page(found, locator, Number(start));
    },
    forget: () => kept.clear(),
  };
}
