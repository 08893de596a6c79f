import * as z from 'zod';
import { Instant } from '#core/events.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Item, Records } from '#core/ports/records.ts';
import { read, readAll, untilWritten } from '#core/records/store.ts';

/** What becomes of runs under way when another version of the playbook comes into force. */
export const RunningRule = z.enum(['pin', 'migrate', 'drain']);
export type RunningRule = z.infer<typeof RunningRule>;

/** What becomes of clocks that run. */
export const ClockRule = z.enum(['keep', 'rebase', 'earlier']);
export type ClockRule = z.infer<typeof ClockRule>;

/** One time that a version came into force. */
const Application = z.strictObject({
  /** Counts from 1. */
  number: z.number().int().positive(),
  version: z.string(),
  /** The version that was in force before; absent for the first. */
  from: z.string().optional(),
  at: Instant,
  by: z.string(),
  running: RunningRule,
  clocks: ClockRule,
});
export type Application = z.infer<typeof Application>;

const InForce = z.strictObject({
  ...Application.shape,
  /** Whether every running clock was moved as `clocks` says: a hub that died in between goes on. */
  clocksMoved: z.boolean(),
});
export type InForce = z.infer<typeof InForce>;

const KeptVersion = z.strictObject({
  version: z.string(),
  /** The texts of its files, by their paths inside the playbook. */
  files: z.record(z.string(), z.string()),
});

const PARTITION = 'PLAYBOOK';
const IN_FORCE = { pk: PARTITION, sk: 'IN-FORCE' };
const APPLIED_PREFIX = 'APPLIED#';
const keptKey = (version: string) => ({ pk: PARTITION, sk: `VERSION#${version}` });
const appliedKey = (number: number) => ({
  pk: PARTITION,
  sk: `${APPLIED_PREFIX}${String(number).padStart(6, '0')}`,
});

/** The version in force, and how it came to be; `undefined` in a store that was told of none. */
export async function inForce(records: Records): Promise<InForce | undefined> {
  return (await read(records, InForce, IN_FORCE))?.data;
}

/** The texts of a version that was ever in force. */
export async function textsOf(
  records: Records,
  version: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  return (await read(records, KeptVersion, keptKey(version)))?.data.files;
}

/** Every time that a version came into force, the latest first. */
export async function applications(records: Records): Promise<Application[]> {
  const query = { pk: PARTITION, prefix: APPLIED_PREFIX, descending: true };
  return await readAll(records, Application, query);
}

export interface Applying {
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
  readonly by: string;
  readonly running: RunningRule;
  readonly clocks: ClockRule;
}

/**
 * Brings a version into force: keeps its texts, notes who did it when, and makes it the one by
 * which runs begin, all of it or nothing. Applied again with the same rules, it changes nothing;
 * `changed` says whether it did.
 */
export function bringIntoForce(
  hub: Pick<Hub, 'records' | 'now'>,
  { files, ...applying }: Applying,
): Promise<{ readonly inForce: InForce; readonly changed: boolean }> {
  return untilWritten(async () => {
    const stored = await read(hub.records, InForce, IN_FORCE);
    const before = stored?.data;
    if (before !== undefined && saysTheSame(before, applying))
      return { inForce: before, changed: false };
    const application: Application = {
      ...applying,
      number: (before?.number ?? 0) + 1,
      ...(before === undefined ? {} : { from: before.version }),
      at: hub.now().toISOString(),
    };
    const next: InForce = { ...application, clocksMoved: applying.clocks === 'keep' };
    const kept = keptKey(applying.version);
    const known = await hub.records.get(kept);
    const version: Item = {
      ...kept,
      type: 'playbook-version',
      version: 1,
      data: { version: applying.version, files },
    };
    await hub.records.write([
      {
        put: { ...IN_FORCE, type: 'playbook', version: (stored?.version ?? 0) + 1, data: next },
        if: stored === undefined ? 'absent' : { version: stored.version },
      },
      {
        put: {
          ...appliedKey(application.number),
          type: 'playbook-applied',
          version: 1,
          data: application,
        },
        if: 'absent',
      },
      ...(known === undefined ? [{ put: version, if: 'absent' as const }] : []),
    ]);
    return { inForce: next, changed: true };
  });
}

function saysTheSame(before: InForce, { version, running, clocks }: Omit<Applying, 'files'>) {
  const again = before.version === version && before.running === running;
  // Clocks that were moved by this version already need no moving again.
  return again && (clocks === 'keep' || before.clocks === clocks);
}

/** Notes that the clocks were moved, unless another version came into force meanwhile. */
export function noteClocksMoved(records: Records, number: number): Promise<void> {
  return untilWritten(async () => {
    const stored = await read(records, InForce, IN_FORCE);
    if (stored === undefined || stored.data.number !== number || stored.data.clocksMoved) return;
    const data = { ...stored.data, clocksMoved: true };
    await records.write([
      {
        put: { ...IN_FORCE, type: 'playbook', version: stored.version + 1, data },
        if: { version: stored.version },
      },
    ]);
  });
}
