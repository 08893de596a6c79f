import { setTimeout as sleep } from 'node:timers/promises';
import { checkMappings, type MappingLook } from '#workflows/check-mappings.ts';
import type { HubClock } from './clock.ts';
import type { EmbeddedHub } from './hub.ts';

export interface MappingWatch {
  /** Looks at every connection; answers when to look again, in epoch milliseconds. */
  look(): Promise<number>;
  /** Looks at once and then daily, until it is stopped. */
  run(): Promise<void>;
  /** Lets the look that is under way end. */
  stop(): Promise<void>;
}

const DAY_MS = 86_400_000;
/** A vendor that could not be asked may be back by then. */
const UNSEEN_MS = 3_600_000;
/** Timers stand still while a laptop sleeps. */
const LOOK_AGAIN_MS = 30_000;

/** Sees to it that a field which disappears at a vendor is noticed within a day. */
export function openMappingWatch(
  { hub, connections }: Pick<EmbeddedHub, 'hub' | 'connections'>,
  options: { readonly clock: HubClock; readonly tell: (look: MappingLook) => void },
): MappingWatch {
  const { clock, tell } = options;
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  const look = async (): Promise<number> => {
    const looks = await checkMappings(hub, connections);
    for (const one of looks) tell(one);
    const unseen = looks.some((one) => one.unseen !== undefined);
    return clock.now().getTime() + (unseen ? UNSEEN_MS : DAY_MS);
  };
  const work = async (): Promise<void> => {
    const { signal } = stopping;
    let next = 0;
    while (!signal.aborted) {
      if (clock.now().getTime() >= next) next = await look();
      const wait = (next - clock.now().getTime()) / (clock.pace ?? 1);
      const ms = Math.min(LOOK_AGAIN_MS, Math.max(0, wait));
      await sleep(ms, undefined, { signal }).catch(() => undefined);
    }
  };
  return {
    look,
    run() {
      running = work();
      return running;
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
