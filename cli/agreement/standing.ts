import { resolve } from 'node:path';
import type { Party } from '#core/agreement/parties.ts';
import { weeksOverdue } from '#core/agreement/review.ts';
import { type Signable, signedVersions } from '#core/agreement/signed-texts.ts';
import { contentHash, counting, inForce, type SignedVersion } from '#core/agreement/two-keys.ts';
import { isHubError } from '#core/errors.ts';
import { openReader, type StoreReader } from '#platform/embedded/reader.ts';

/** How the text of a playbook stands with its signers. */
export interface Standing {
  readonly hash: string;
  readonly reviewBy: string;
  readonly parties: readonly {
    readonly party: Party;
    readonly by?: string;
    readonly at?: string;
  }[];
  /** Whether this very text is in force. */
  readonly current: boolean;
  readonly inForce:
    | {
        readonly hash: string;
        readonly since: string;
        readonly reviewBy: string;
        readonly overdue: boolean;
      }
    | undefined;
}

/** Where a text stands, by what is signed. */
export function standingOf(
  versions: readonly SignedVersion[],
  { document, keys, reviewBy }: Pick<Signable, 'document' | 'keys' | 'reviewBy'>,
  now: Date,
): Standing {
  const hash = contentHash(document);
  const signatures = counting(versions, hash);
  const current = inForce(versions);
  return {
    hash,
    reviewBy,
    parties: keys.map((party) => ({ ...signatures.find((one) => one.party === party), party })),
    current: current?.version.hash === hash,
    inForce: current && {
      hash: current.version.hash,
      since: current.since,
      ...reviewOf(current.version, now),
    },
  };
}

function reviewOf({ document }: SignedVersion, now: Date): { reviewBy: string; overdue: boolean } {
  const { reviewBy } = document as { reviewBy: string };
  return { reviewBy, overdue: weeksOverdue(reviewBy, now) !== undefined };
}

/** What a store says of the signatures; one that is not there yet has none. */
export async function fromSigned<T>(
  data: string,
  signable: Signable,
  look: (
    versions: readonly SignedVersion[],
    now: Date,
    store: StoreReader | undefined,
  ) => T | Promise<T>,
): Promise<T> {
  const store = storeIn(data);
  if (store === undefined) return look([], new Date(), undefined);
  try {
    const versions = await signedVersions(store.records, signable.subject);
    return await look(versions, store.now(), store);
  } finally {
    store.close();
  }
}

function storeIn(data: string): StoreReader | undefined {
  try {
    return openReader(resolve(data));
  } catch (error) {
    if (isHubError(error) && error.code === 'store_missing') return undefined;
    throw error;
  }
}
