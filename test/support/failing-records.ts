import { HubError } from '#core/errors.ts';
import type { Records } from '#core/ports/records.ts';

/** Records whose n-th write (from 1) never happens: as a process that ends in the middle leaves them. */
export function failingAtWrite(
  records: Records,
  n: number,
): Records & { readonly failed: boolean } {
  let writes = 0;
  let failed = false;
  return {
    get failed() {
      return failed;
    },
    get: (key) => records.get(key),
    query: (query) => records.query(query),
    async write(all) {
      writes += 1;
      failed ||= writes >= n;
      // Whoever was cut off writes nothing after it either.
      if (failed) throw new HubError('retry', 'cut_off', 'The process ended here.');
      await records.write(all);
    },
  };
}

/** Records before whose n-th write (from 1) something else happens: another process was faster. */
export function interleaved(records: Records, n: number, before: () => Promise<unknown>): Records {
  let writes = 0;
  return {
    get: (key) => records.get(key),
    query: (query) => records.query(query),
    async write(all) {
      writes += 1;
      if (writes === n) await before();
      await records.write(all);
    },
  };
}
