import type { Inbox } from '#core/ports/inbox.ts';
import type { HubDatabase } from './database.ts';
import type { Jobs } from './jobs.ts';

/** The inbox as jobs: ids are remembered after they are done, so a repeat is known for ever. */
export function embeddedInbox(db: HubDatabase, jobs: Jobs, now: () => Date): Inbox {
  return {
    put: async (envelopes) => {
      const dueAt = now().getTime();
      const repeats = await db.write(() =>
        jobs.add(
          envelopes.map((envelope) => ({
            id: envelope.id,
            kind: 'envelope' as const,
            group: `inbox/${envelope.group}`,
            dueAt,
            payload: envelope,
          })),
        ),
      );
      return { repeats };
    },
  };
}
