import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Folder extends Disposable {
  readonly path: string;
}

/** A folder that is gone when its block is left. */
export function temporaryFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'baton-bench-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
