import { isHubError } from '#core/errors.ts';
import type { HubClock } from './clock.ts';
import type { HubDatabase } from './database.ts';
import type { Job, JobKind, Jobs } from './jobs.ts';

/** Does one kind of job, and forgets it when it is done. */
export type JobHandler = (job: Job) => Promise<void>;

export interface Worker {
  /** Works until it is stopped; with a virtual clock, until `until` or until nothing is left. */
  run(until?: Date): Promise<void>;
  /** Lets what is under way finish, and begins nothing more. */
  stop(): Promise<void>;
}

/** More at once only make the vendors' limits bite sooner. */
const MOST_AT_ONCE = 24;

/** A job that fails is tried again after 1 s, 2 s, 4 s … at most every 15 minutes, for ever. */
const retryDelayMs = (tries: number) => Math.min(900_000, 1000 * 2 ** Math.min(tries, 20));

/** How soon somebody may have made room on a disk that is full. */
const UNWRITABLE_DELAY_MS = 10_000;

/** Does the jobs as they fall due: several at once by a real clock, strictly in order by a virtual one. */
export function openWorker(deps: {
  db: HubDatabase;
  jobs: Jobs;
  clock: HubClock;
  handlers: Readonly<Record<JobKind, JobHandler>>;
  /** Told of a job that failed and will be tried again. */
  onTrouble?: ((job: Job, error: unknown) => void) | undefined;
}): Worker {
  const { db, jobs, clock, handlers } = deps;
  const under = new Set<Promise<void>>();
  let stopped = false;
  let running: Promise<void> = Promise.resolve();

  const perform = async (job: Job): Promise<void> => {
    try {
      await handlers[job.kind](job);
    } catch (error) {
      if (!isHubError(error, 'retry')) deps.onTrouble?.(job, error);
      const delay = isHubError(error) ? error.retryAfterMs : undefined;
      await putOff(job, delay ?? retryDelayMs(job.tries));
    }
  };

  /** Vendors and disks mend in their own time, which may pass more slowly than the hub's. */
  const pace = clock.outside === undefined ? 1 : (clock.pace ?? 1);
  const after = (delayMs: number) => clock.now().getTime() + delayMs * pace;

  const putOff = async (job: Job, delayMs: number): Promise<void> => {
    try {
      await db.write(() => jobs.putOff(job, after(delayMs)));
    } catch (error) {
      deps.onTrouble?.(job, error);
      jobs.hold(job, after(UNWRITABLE_DELAY_MS));
    }
  };

  const begin = (job: Job): void => {
    const doing = perform(job).finally(() => {
      under.delete(doing);
      clock.wake();
    });
    under.add(doing);
  };

  const take = () => (under.size < MOST_AT_ONCE ? jobs.take(clock.now().getTime()) : undefined);

  /** Does or begins one job, or waits for the next; answers whether there is more to come. */
  const step = async (until: number): Promise<boolean> => {
    const next = take();
    if (next === undefined || 'nextAt' in next) {
      const at = next?.nextAt ?? Number.POSITIVE_INFINITY;
      if (clock.virtual && at > until) return false;
      await clock.until(at);
    } else if (clock.virtual) await perform(next);
    else begin(next);
    return true;
  };
  const work = async (until: number): Promise<void> => {
    while (!stopped && (await step(until)));
  };

  return {
    run(until) {
      running = work(until?.getTime() ?? Number.MAX_SAFE_INTEGER);
      return running;
    },
    async stop() {
      stopped = true;
      clock.wake();
      await running;
      await Promise.allSettled(under);
    },
  };
}
