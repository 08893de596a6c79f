import * as z from 'zod';
import { canonical } from '#core/canonical.ts';
import { HubError } from '#core/errors.ts';
import { Instant } from '#core/events.ts';
import { fullHash } from '#core/hash.ts';
import { type Parties, Party, sameAddress } from './parties.ts';

const Signature = z.strictObject({ party: Party, by: z.string(), at: Instant });
export type Signature = z.infer<typeof Signature>;

/** One text with the signatures under it. */
export const SignedVersion = z.strictObject({
  hash: z.string(),
  document: z.unknown(),
  /** The parties that must sign this text. */
  keys: z.array(Party).min(1),
  signatures: z.array(Signature),
});
export type SignedVersion = z.infer<typeof SignedVersion>;

/** A text as it is laid before its signers. */
export interface Draft {
  readonly document: unknown;
  readonly keys: readonly Party[];
  readonly parties: Parties;
  /** What is wrong with it; nobody can sign a text with problems. */
  readonly problems: readonly string[];
}

export interface Signing {
  readonly party: Party;
  readonly by: string;
}

/** What is signed: the hash of all that a document says, but for its pointer to a schema. */
export function contentHash(document: unknown): string {
  const { $schema: _forEditors, ...content } = document as Record<string, unknown>;
  return fullHash(canonical(content));
}

/** The version in force: the one whose last missing signature is the newest. */
export function inForce(
  versions: readonly SignedVersion[],
): { readonly version: SignedVersion; readonly since: string } | undefined {
  const complete = versions.flatMap((version) => {
    const since = completedAt(version);
    return since === undefined ? [] : [{ version, since }];
  });
  return complete.sort((one, other) => one.since.localeCompare(other.since)).at(-1);
}

function completedAt({ keys, signatures }: SignedVersion): string | undefined {
  const found = keys.map((key) => signatures.find(({ party }) => party === key)?.at);
  return found.includes(undefined) ? undefined : found.map(String).sort().at(-1);
}

/**
 * The signatures that count under a text. What was signed before another version came into force is
 * spent: whoever wants the older text again must say so again.
 */
export function counting(versions: readonly SignedVersion[], hash: string): Signature[] {
  const signatures = versions.find((version) => version.hash === hash)?.signatures ?? [];
  const current = inForce(versions);
  if (current === undefined || current.version.hash === hash) return signatures;
  return signatures.filter(({ at }) => at > current.since);
}

/**
 * Puts a signature under a text and answers the version as it is then. A party that has signed
 * already signs nothing twice. Throws a HubError `data` for somebody who may not sign, and for a
 * text that has problems.
 */
export function sign(
  versions: readonly SignedVersion[],
  draft: Draft,
  { party, by }: Signing,
  now: Date,
): SignedVersion {
  const hash = contentHash(draft.document);
  const signatures = counting(versions, hash);
  refuseUnsound(draft);
  refuseStranger(draft, { party, by });
  refuseSecondKey(signatures, { party, by });
  const version = { hash, document: draft.document, keys: [...draft.keys], signatures };
  if (signatures.some((one) => one.party === party)) return version;
  const at = instantAfter(versions, now);
  return { ...version, signatures: [...signatures, { party, by: by.trim().toLowerCase(), at }] };
}

function refuseUnsound({ problems }: Draft): void {
  if (problems.length === 0) return;
  throw new HubError(
    'data',
    'signing_unsound',
    `Nobody can sign this text: ${problems.join('; ')}. Mend it; 'baton check' names the places.`,
  );
}

function refuseStranger({ keys, parties }: Draft, { party, by }: Signing): void {
  if (!keys.includes(party)) {
    throw new HubError(
      'data',
      'signer_refused',
      `This text needs no signature of ${party}, only of ${keys.join(', ')}.`,
    );
  }
  if ((parties[party] ?? []).some((address) => sameAddress(address, by))) return;
  throw new HubError(
    'data',
    'signer_refused',
    `This address is not among those who may sign as ${party}: they stand under "parties".`,
  );
}

function refuseSecondKey(signatures: readonly Signature[], { party, by }: Signing): void {
  const other = signatures.find((one) => one.party !== party && sameAddress(one.by, by));
  if (other === undefined) return;
  throw new HubError(
    'data',
    'signer_twice',
    `The same person signed as ${other.party} already; each party needs somebody of its own.`,
  );
}

/** No two signatures bear the same instant, so that one version is always the newest. */
function instantAfter(versions: readonly SignedVersion[], now: Date): string {
  const last = versions.flatMap(({ signatures }) => signatures.map(({ at }) => Date.parse(at)));
  return new Date(Math.max(now.getTime(), ...last.map((at) => at + 1))).toISOString();
}
