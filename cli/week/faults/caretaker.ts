import { isHubError } from '#core/errors.ts';
import { listQuarantined } from '#core/quarantine.ts';
import type { Person } from '#core/records/person.ts';
import { readAll } from '#core/records/store.ts';
import { RunLock, rerun } from '#core/runs/start-run.ts';
import type { HubClock } from '#platform/embedded/clock.ts';
import type { EmbeddedHub } from '#platform/embedded/hub.ts';
import { openMappingWatch } from '#platform/embedded/mapping-watch.ts';
import { openPoller } from '#platform/embedded/poller.ts';
import { openSync, peopleIn } from './sync.ts';

/** What a hub that serves does beside its work, and what its ops do each morning. */
export interface Caretaker {
  /** When there is something to do next, in epoch milliseconds. */
  nextAt(): number;
  /** Does what is due by now. */
  act(): Promise<void>;
  /** What the last bringing into line could not write. */
  undone(): readonly string[];
  readonly did: Readonly<{ rerun: number; replayed: number; gapsTold: number }>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const OPS_BEGIN_MS = 8 * HOUR_MS;
const SYNC_MS = 16 * HOUR_MS;

/**
 * Asks the streams when they are due, looks at the vendors' fields daily, and each morning runs
 * again what failed and replays what is held, as docs/operating.md tells ops to.
 */
export function openCaretaker(embedded: EmbeddedHub, clock: HubClock): Caretaker {
  const did = { rerun: 0, replayed: 0, gapsTold: 0 };
  const poller = openPoller(embedded, { clock });
  const watch = openMappingWatch(embedded, {
    clock,
    tell: ({ gaps }) => {
      did.gapsTold += gaps.length;
    },
  });
  const sync = openSync(embedded);
  const now = () => clock.now().getTime();
  const duties = [
    { at: now(), act: () => poller.turn() },
    { at: now() + OPS_BEGIN_MS, act: () => watch.look() },
    {
      at: now() + OPS_BEGIN_MS,
      act: async () => {
        const next = now() + DAY_MS;
        did.rerun += await rerunFailed(embedded);
        did.replayed += await replayAll(embedded);
        return next;
      },
    },
    {
      at: now() + SYNC_MS,
      act: async () => {
        const next = now() + DAY_MS;
        await sync.run();
        return next;
      },
    },
  ];
  return {
    did,
    undone: sync.undone,
    nextAt: () => Math.min(...duties.map(({ at }) => at)),
    async act() {
      for (const duty of duties) {
        // A vendor that says "at once" is not asked without end in one moment.
        if (duty.at <= now()) duty.at = Math.max(await duty.act(), now() + 1000);
      }
    },
  };
}

/** People in the queue `attention`, as the store has them. */
export function inAttention({ db }: EmbeddedHub): Person[] {
  return peopleIn(db).filter(({ owner }) => owner.kind === 'queue' && owner.id === 'attention');
}

async function rerunFailed(embedded: EmbeddedHub): Promise<number> {
  const { hub } = embedded;
  let count = 0;
  for (const { id } of inAttention(embedded)) {
    const of = { pk: `PERSON#${id}`, prefix: 'WORKFLOW#' };
    for (const { workflow, status } of await readAll(hub.records, RunLock, of)) {
      if (status !== 'ended') continue;
      await rerun(hub, workflow, id);
      count += 1;
    }
  }
  return count;
}

async function replayAll(embedded: EmbeddedHub): Promise<number> {
  let count = 0;
  for (const { id } of await listQuarantined(embedded.hub.records)) {
    try {
      await embedded.replay(id);
      count += 1;
    } catch (error) {
      // Nonsense is nonsense again, and a vendor that is down is tried again tomorrow.
      if (!isHubError(error)) throw error;
    }
  }
  return count;
}
