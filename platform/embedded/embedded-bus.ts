import type { Bus, Published } from '#core/ports/bus.ts';
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
            id: ['news', one.event.id, one.only].filter(Boolean).join('/'),
            kind: 'news' as const,
            group: groupOf(one),
            dueAt,
            payload: one,
          })),
        ),
      );
    },
  };
}

const groupOf = ({ event, personId, only }: Published) =>
  only === undefined ? `news/${personId ?? event.id}` : `${only}/${event.id}`;
