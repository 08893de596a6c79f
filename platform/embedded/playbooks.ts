import { isHubError } from '#core/errors.ts';
import { rebaseClocks } from '#core/handoff/rebase.ts';
import type { Playbook } from '#core/playbook.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Key, Records } from '#core/ports/records.ts';
import {
  type Applying,
  bringIntoForce,
  type InForce,
  inForce,
  noteClocksMoved,
  textsOf,
} from '#core/versions/versions.ts';
import type { HubDatabase } from './database.ts';

type Texts = Readonly<Record<string, string>>;

/** Makes a playbook of the texts of its files; throws a HubError `config` with all that is wrong. */
export type ReadTexts = (files: Texts) => Promise<Playbook>;

/** The playbook in force, which may change while the hub works, and those of older runs. */
export interface Playbooks {
  now(): Playbook;
  /** By what a run goes that began under a version. */
  of(version: string | undefined): Promise<Playbook>;
  replace(next: Playbook): void;
}

/**
 * Rules are those of the run's own version; people and calendars, which are facts, are always
 * today's. A version that nobody kept, or that this Baton can't read any more, is the one in force.
 */
export function openPlaybooks(
  first: Playbook,
  records: Records,
  readTexts: ReadTexts | undefined,
): Playbooks {
  let current = first;
  const older = new Map<string, Promise<Playbook | undefined>>();
  const readOlder = async (version: string): Promise<Playbook | undefined> => {
    const texts = readTexts && (await textsOf(records, version));
    try {
      return texts && (await readTexts?.(texts));
    } catch (error) {
      if (isHubError(error, 'config')) return undefined;
      throw error;
    }
  };
  return {
    now: () => current,
    async of(version) {
      if (version === undefined || version === current.version) return current;
      const reading = older.get(version) ?? readOlder(version);
      older.set(version, reading);
      const rules = await reading;
      if (rules === undefined) return current;
      const { people, calendars } = current;
      return { ...rules, people, calendars };
    },
    replace(next) {
      older.set(current.version, Promise.resolve(current));
      current = next;
    },
  };
}

/** What an application did. */
export interface Applied {
  readonly inForce: InForce;
  /** Whether anything changed. */
  readonly changed: boolean;
  readonly clocksMoved: number;
}

/**
 * Brings a version into force in a hub that works. Each part may be the last before the process
 * ends: the version is in force once it is written, and the clocks are moved by the next start.
 */
export async function applyPlaybook(
  { hub, db, takeOver }: { hub: Hub; db: HubDatabase; takeOver: (inForce: InForce) => void },
  applying: Applying,
): Promise<Applied> {
  const done = await bringIntoForce(hub, applying);
  takeOver(done.inForce);
  return { ...done, clocksMoved: await moveClocks(hub, db) };
}

/** Moves the clocks as the version in force asked for, unless that was done; answers how many. */
export async function moveClocks(hub: Hub, db: HubDatabase): Promise<number> {
  const applied = await inForce(hub.records);
  if (applied === undefined || applied.clocksMoved || applied.clocks === 'keep') return 0;
  const moved = await rebaseClocks(hub, { rule: applied.clocks, handoffs: openHandoffs(db) });
  await noteClocksMoved(hub.records, applied.number);
  return moved;
}

/** The keys of the hand-offs that may have a running clock. */
function openHandoffs({ sql }: HubDatabase): Key[] {
  return sql
    .prepare(
      "select pk, sk from items where type = 'handoff' and json_extract(data, '$.status') = 'open' order by pk, sk",
    )
    .all() as Key[];
}
