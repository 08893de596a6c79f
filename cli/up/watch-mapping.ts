import type { HubClock } from '#platform/embedded/clock.ts';
import type { EmbeddedHub } from '#platform/embedded/hub.ts';
import { openMappingWatch } from '#platform/embedded/mapping-watch.ts';
import type { MappingLook } from '#workflows/check-mappings.ts';
import type { Announcement } from './announce.ts';

/** Looks now and then daily whether every mapped field is there, and tells what is not; answers how to stop. */
export function watchMapping(
  embedded: EmbeddedHub,
  clock: HubClock,
  tell: (one: Announcement) => void,
): () => Promise<void> {
  const watch = openMappingWatch(embedded, {
    clock,
    tell: (look) => {
      for (const text of mappingNotices(look))
        tell({ at: clock.now().toISOString(), what: 'trouble', text });
    },
  });
  watch.run().catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    const text = `nobody looks at the fields of the vendors until the next start: ${why}`;
    tell({ at: clock.now().toISOString(), what: 'trouble', text });
  });
  return () => watch.stop().catch(() => undefined);
}

/** A line for each gap, or for why nobody could look. */
export function mappingNotices({ connection, gaps, unseen }: MappingLook): string[] {
  if (unseen !== undefined)
    return [`the fields of ${connection} could not be looked at: ${unseen}`];
  return gaps.map(({ says, workflows }) => {
    const breaks = workflows.length === 0 ? '' : `; it breaks ${workflows.join(', ')}`;
    return `${connection}: ${says}${breaks}`;
  });
}
