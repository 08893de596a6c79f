import type { Records } from '#core/ports/records.ts';
import { inOrder, LOG_PREFIX, LogEntry } from '#core/records/log-entry.ts';
import { readOf, readTouches } from '#core/records/of-person.ts';
import type { Person } from '#core/records/person.ts';
import type { Touch } from '#core/records/touch.ts';

/**
 * Everything that happened to a person, in order. What they did before anybody knew them is known
 * as touches only, and stands where it happened.
 */
export async function readTimeline(
  records: Records,
  person: Pick<Person, 'id' | 'merged'>,
): Promise<LogEntry[]> {
  const entries = await readOf(records, LogEntry, person, { prefix: LOG_PREFIX });
  const touches = await readTouches(records, person);
  const told = new Set(entries.map(({ detail }) => detail['event']));
  const before = touches.filter(({ id }) => !told.has(id)).map(asEntry);
  return [...entries, ...before].sort(inOrder);
}

function asEntry({ id, at, kind, name, ...rest }: Touch): LogEntry {
  const title = `${kind.replaceAll('-', ' ')}: ${name}`;
  return { at, kind: 'event', title, detail: { ...rest, event: id, anonymous: true }, order: 0 };
}
