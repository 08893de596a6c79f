import { setTimeout as sleep } from 'node:timers/promises';
import { dueAt, type Polled, polledStreams } from '#connectors/kit/reconcile.ts';
import { readCursor } from '#connectors/kit/stream-cursor.ts';
import { isHubError } from '#core/errors.ts';
import type { HubClock } from './clock.ts';
import type { EmbeddedHub } from './hub.ts';

export interface Poller {
  /** Asks the streams that are due, one after the other; answers when the next one is, in epoch milliseconds. */
  turn(): Promise<number>;
  /** Asks each stream when it is due, until it is stopped. */
  run(): Promise<void>;
  /** Lets the reading that is under way end. */
  stop(): Promise<void>;
}

/** Timers stand still while a laptop sleeps, and a webhook may say at any time that others were lost. */
const LOOK_AGAIN_MS = 30_000;

/**
 * Asks the vendors of a hub for what their webhooks lost. When each stream is due stands with its
 * cursor in the store: a hub that was away for days asks once, not once for each turn that it missed.
 */
export function openPoller(
  { hub, connections, poll }: Pick<EmbeddedHub, 'hub' | 'connections' | 'poll'>,
  options: {
    readonly clock: HubClock;
    /** Told of a stream that could not be read and will be asked again. */
    readonly onTrouble?: ((of: Polled, error: unknown) => void) | undefined;
  },
): Poller {
  const { clock, onTrouble } = options;
  const streams = polledStreams(connections);
  const restUntil = new Map<Polled, number>();
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  const whenDue = async (of: Polled): Promise<number> => {
    const cursor = await readCursor(hub.records, of.connection, of.stream);
    return Math.max(dueAt(cursor?.data, of.everyMinutes), restUntil.get(of) ?? 0);
  };
  const ask = async (of: Polled): Promise<void> => {
    try {
      await poll(of);
      restUntil.delete(of);
    } catch (error) {
      if (!isHubError(error, 'retry')) onTrouble?.(of, error);
      const delay = isHubError(error) ? error.retryAfterMs : undefined;
      restUntil.set(of, clock.now().getTime() + (delay ?? of.everyMinutes * 60_000));
    }
  };
  const turn = async (): Promise<number> => {
    let next = Number.POSITIVE_INFINITY;
    for (const of of streams) {
      if (stopping.signal.aborted) break;
      if ((await whenDue(of)) <= clock.now().getTime()) await ask(of);
      next = Math.min(next, await whenDue(of));
    }
    return next;
  };
  const work = async (): Promise<void> => {
    const { signal } = stopping;
    while (!signal.aborted) {
      const wait = ((await turn()) - clock.now().getTime()) / (clock.pace ?? 1);
      const ms = Math.min(LOOK_AGAIN_MS, Math.max(0, wait));
      await sleep(ms, undefined, { signal }).catch(() => undefined);
    }
  };

  return {
    turn,
    run() {
      running = streams.length === 0 ? Promise.resolve() : work();
      return running;
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
