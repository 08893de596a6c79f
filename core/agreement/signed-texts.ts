import * as z from 'zod';
import { canonical } from '#core/canonical.ts';
import { HubError } from '#core/errors.ts';
import { Instant } from '#core/events.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Item, Records } from '#core/ports/records.ts';
import { read, readAll, readExisting, untilWritten } from '#core/records/store.ts';
import { ReviewBy } from './parties.ts';
import {
  type Draft,
  inForce,
  type SignedVersion,
  SignedVersion as SignedVersionSchema,
  type Signing,
  sign,
} from './two-keys.ts';

/** What two keys open. */
export const Subject = z.enum(['agreement', 'targets']);
export type Subject = z.infer<typeof Subject>;

/** Which version is in force, and since when: written together with the signature that did it. */
const InForce = z.strictObject({ hash: z.string(), since: Instant, reviewBy: ReviewBy });
export type InForce = z.infer<typeof InForce>;

const VERSION_PREFIX = 'VERSION#';
export const partitionOf = (subject: Subject) => `SIGNED#${subject}`;
const versionKey = (subject: Subject, hash: string) => ({
  pk: partitionOf(subject),
  sk: `${VERSION_PREFIX}${hash}`,
});
const inForceKey = (subject: Subject) => ({ pk: partitionOf(subject), sk: 'IN_FORCE' });

/** All texts that anybody has signed. */
export const signedVersions = (records: Records, subject: Subject): Promise<SignedVersion[]> =>
  readAll(records, SignedVersionSchema, { pk: partitionOf(subject), prefix: VERSION_PREFIX });

/** The version in force, by name; its text is another record. */
export async function readInForce(
  records: Records,
  subject: Subject,
): Promise<InForce | undefined> {
  return (await read(records, InForce, inForceKey(subject)))?.data;
}

/** Texts by their hashes, which never come to mean another text. */
const texts = new Map<string, unknown>();

/** The text in force with its hash, or nothing where two keys never met. */
export async function textInForce<T>(
  records: Records,
  subject: Subject,
  schema: z.ZodType<T>,
): Promise<(InForce & { readonly text: T }) | undefined> {
  const current = await readInForce(records, subject);
  if (current === undefined) return undefined;
  const name = `${subject}/${current.hash}`;
  const known = texts.get(name) as T | undefined;
  if (known !== undefined) return { ...current, text: known };
  const stored = await readExisting(
    records,
    SignedVersionSchema,
    versionKey(subject, current.hash),
  );
  const parsed = schema.safeParse(stored.data.document);
  if (!parsed.success) {
    throw new HubError(
      'config',
      'signed_text_outgrown',
      `The signed text of the ${subject} no longer fits its schema. Bring the file up to date and have it signed anew.`,
      { cause: parsed.error },
    );
  }
  texts.set(name, parsed.data);
  return { ...current, text: parsed.data };
}

/** What came of a signature. */
export interface Signed {
  readonly version: SignedVersion;
  /** The version in force now, be it this one or another. */
  readonly inForce: InForce | undefined;
}

/** A text that can be signed, and when its review is due. */
export type Signable = Draft & { readonly subject: Subject; readonly reviewBy: string };

/**
 * Puts a signature under a text and keeps both. The last missing one brings the text into force in
 * the same transaction. Repeated, it changes nothing.
 */
export function signText(
  hub: Pick<Hub, 'records' | 'now'>,
  signable: Signable,
  signing: Signing,
): Promise<Signed> {
  const { subject } = signable;
  return untilWritten(async () => {
    const versions = await signedVersions(hub.records, subject);
    const version = sign(versions, signable, signing, hub.now());
    const stored = await read(hub.records, SignedVersionSchema, versionKey(subject, version.hash));
    const pointer = await read(hub.records, InForce, inForceKey(subject));
    const others = versions.filter(({ hash }) => hash !== version.hash);
    const current = inForce([...others, version]);
    const moves = current?.version.hash === version.hash && pointer?.data.hash !== version.hash;
    const next = moves
      ? { hash: version.hash, since: current.since, reviewBy: signable.reviewBy }
      : pointer?.data;
    if (!moves && isAsStored(stored?.data, version)) return { version, inForce: next };
    await hub.records.write([
      write(versionKey(subject, version.hash), 'signed-version', version, stored?.version),
      moves
        ? write(inForceKey(subject), 'in-force', next, pointer?.version)
        : { check: inForceKey(subject), if: conditionOf(pointer?.version) },
    ]);
    return { version, inForce: next };
  });
}

const isAsStored = (stored: SignedVersion | undefined, { signatures }: SignedVersion) =>
  stored !== undefined && canonical(stored.signatures) === canonical(signatures);

const conditionOf = (version: number | undefined) =>
  version === undefined ? ('absent' as const) : { version };

function write(key: Pick<Item, 'pk' | 'sk'>, type: string, data: unknown, before?: number) {
  const item: Item = { ...key, type, version: (before ?? 0) + 1, data };
  return { put: item, if: conditionOf(before) };
}
