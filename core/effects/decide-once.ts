import type * as z from 'zod';
import type { Hub } from '#core/ports/hub.ts';
import type { Write } from '#core/ports/records.ts';
import { type LogEntry, logItem } from '#core/records/log-entry.ts';
import { read, untilWritten } from '#core/records/store.ts';

interface Decision<T> {
  readonly result: T;
  readonly log: Pick<LogEntry, 'title' | 'detail'>;
  /** What else is written in the same transaction. */
  readonly writes: Write[];
}

/**
 * Takes a decision of a run once: a step that is run again gets the recorded result. The decision,
 * its reasons in the timeline and whatever it changes are written together or not at all.
 */
export function decideOnce<T>(
  deps: Pick<Hub, 'records' | 'now' | 'order' | 'playbook'>,
  at: { readonly run: string; readonly step: string; readonly personId: string },
  schema: z.ZodType<T>,
  decide: () => Promise<Decision<T>>,
): Promise<T> {
  const key = { pk: `RUN#${at.run}`, sk: `DECISION#${at.step}` };
  return untilWritten(async () => {
    const taken = await read(deps.records, schema, key);
    if (taken !== undefined) return taken.data;
    const { result, log, writes } = await decide();
    const entry = {
      at: deps.now().toISOString(),
      kind: 'decision' as const,
      title: log.title,
      detail: { ...log.detail, playbook: deps.playbook.version, run: at.run, step: at.step },
    };
    await deps.records.write([
      { put: { ...key, type: 'decision', version: 1, data: result }, if: 'absent' },
      { put: logItem(deps, at.personId, `${at.run}/${at.step}`, entry) },
      ...writes,
    ]);
    return result;
  });
}
