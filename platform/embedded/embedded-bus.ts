import type { Bus } from '#core/ports/bus.ts';
import type { HubDatabase } from './database.ts';
import type { Jobs } from './jobs.ts';

/** The bus as jobs; news of one person are dispatched one after the other. */
export function embeddedBus(db: HubDatabase, jobs: Jobs, now: () => Date): Bus {
  return {
    publish: async (news) => {
      const dueAt = now().getTime();
      await db.write(() =>
        jobs.add(
          news.map((one) => ({
            id: `news/${one.event.id}`,
            kind: 'news' as const,
            group: `news/${one.personId ?? one.event.id}`,
            dueAt,
            payload: one,
          })),
        ),
      );
    },
  };
}
