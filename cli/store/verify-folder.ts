import { openReader } from '#platform/embedded/reader.ts';
import { type Verified, verifyStore } from './verify-store.ts';

/** What `baton verify` finds in a hub's folder, whether the hub runs or not. */
export function verifyFolder(folder: string): Verified {
  const store = openReader(folder);
  try {
    return verifyStore(store);
  } finally {
    store.close();
  }
}
