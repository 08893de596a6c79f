import type { Engine, TaskFunctions } from '#platform/embedded/engine.ts';
import { openWorker } from '#platform/embedded/worker.ts';
import type { EmbeddedStore } from './embedded-store.ts';

/** A worker that carries out tasks and rings timers; answers how to play until a time, or until nothing is due. */
export function playRuns(
  { db, jobs, clock }: Pick<EmbeddedStore, 'db' | 'jobs' | 'clock'>,
  engine: Engine,
  functions: TaskFunctions,
): (until?: Date) => Promise<void> {
  const forget = async (job: Parameters<typeof jobs.finish>[0]) => {
    await db.write(() => jobs.finish(job));
  };
  const worker = openWorker({
    db,
    jobs,
    clock,
    handlers: {
      task: (job) => engine.carryOut(job, functions),
      timer: (job) => engine.ring(job),
      envelope: forget,
      news: forget,
      ended: forget,
      'come-up': forget,
      'tell-ambiguous': forget,
      'account-news': forget,
    },
  });
  return (until = clock.now()) => worker.run(until);
}
