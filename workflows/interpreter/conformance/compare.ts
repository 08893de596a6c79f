import type { HistoryEvent } from '../run-state.ts';
import type { Expectation, RecordedEvent } from './case.ts';

/**
 * Where a run departs from the recording. `wording` covers what is the service's own phrasing or
 * numbering; it is shown, but does not fail a case.
 */
export interface Difference {
  readonly level: 'result' | 'events' | 'details' | 'wording';
  readonly where: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** What a run came to, in the words of a recording. */
export interface Outcome {
  readonly status: string;
  readonly output?: unknown;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  readonly events: readonly RecordedEvent[];
}

/** What a recording always has where the service had it. */
const PAYLOADS = ['name', 'input', 'output', 'parameters', 'assignedVariables', 'error'];
const WORDING = new Set(['cause', 'id', 'prev']);

/** Lays a run beside its recording. */
export function compare(expected: Expectation, actual: Outcome): Difference[] {
  const results = (['status', 'output', 'error'] as const).flatMap((key) =>
    differ(expected[key], actual[key], key, 'result'),
  );
  const cause =
    expected.cause === undefined ? [] : differ(expected.cause, actual.cause, 'cause', 'wording');
  if (expected.events === undefined) return [...results, ...cause];
  const events =
    expected.eventOrder === 'concurrent'
      ? compareUnordered(expected.events, actual.events, expected.eventsMissing ?? [])
      : compareInOrder(expected.events, actual.events, expected.eventsMissing ?? []);
  return [...results, ...cause, ...events];
}

/** A history event in the words of a recording. */
export function toRecorded(event: HistoryEvent): RecordedEvent {
  return { type: event.type, id: event.id, prev: event.previousEventId, ...event.details };
}

function compareInOrder(
  expected: readonly RecordedEvent[],
  actual: readonly RecordedEvent[],
  missing: readonly string[],
): Difference[] {
  const seen = withoutLost(expected, actual, missing);
  const order = differ(seenOrder(expected), seenOrder(seen), 'order of events', 'events');
  if (order.length > 0) return order;
  return expected.flatMap((event, position) => compareEvent(event, seen[position] ?? event));
}

function seenOrder(events: readonly RecordedEvent[]): string[] {
  return events.map(({ type, name }) => (name === undefined ? type : `${type} ${name}`));
}

/** Leaves out, once each, events the recording is known to have lost. */
function withoutLost(
  expected: readonly RecordedEvent[],
  actual: readonly RecordedEvent[],
  missing: readonly string[],
): RecordedEvent[] {
  const lost = [...missing];
  return actual.filter((event, position) => {
    const index = lost.indexOf(event.type);
    const isThere = expected[position - (missing.length - lost.length)]?.type === event.type;
    if (index < 0 || isThere) return true;
    lost.splice(index, 1);
    return false;
  });
}

function compareUnordered(
  expected: readonly RecordedEvent[],
  actual: readonly RecordedEvent[],
  missing: readonly string[],
): Difference[] {
  const left = [...actual];
  const unmatched = expected.filter((event) => {
    const position = left.findIndex((candidate) => isClean(compareEvent(event, candidate)));
    if (position >= 0) left.splice(position, 1);
    return position < 0;
  });
  const extra = [...missing];
  const surplus = left.filter(({ type }) => {
    const position = extra.indexOf(type);
    if (position >= 0) extra.splice(position, 1);
    return position < 0;
  });
  if (unmatched.length === 0 && surplus.length === 0) return [];
  return [{ level: 'events', where: 'set of events', expected: unmatched, actual: surplus }];
}

function isClean(differences: readonly Difference[]): boolean {
  return differences.every(({ level }) => level === 'wording');
}

function compareEvent(expected: RecordedEvent, actual: RecordedEvent): Difference[] {
  const label = `${expected['id'] ?? ''} ${expected.type}`.trim();
  const keys = new Set([...Object.keys(expected), ...PAYLOADS.filter((key) => key in actual)]);
  return [...keys].flatMap((key) =>
    differ(
      expected[key],
      actual[key],
      `${label} ${key}`,
      WORDING.has(key) ? 'wording' : key === 'type' || key === 'name' ? 'events' : 'details',
    ),
  );
}

function differ(
  expected: unknown,
  actual: unknown,
  where: string,
  level: Difference['level'],
): Difference[] {
  return agrees(expected, actual) ? [] : [{ level, where, expected, actual }];
}

/** Deep equality, in which `<any>` stands for any value that is there. */
function agrees(expected: unknown, actual: unknown): boolean {
  if (expected === '<any>') return actual !== undefined;
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      expected.length === actual.length &&
      expected.every((item, position) => agrees(item, actual[position]))
    );
  }
  if (typeof expected !== 'object' || expected === null) return expected === actual;
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return false;
  const theirs = expected as Record<string, unknown>;
  const ours = actual as Record<string, unknown>;
  const keys = Object.keys(theirs);
  return (
    keys.length === Object.keys(ours).length && keys.every((key) => agrees(theirs[key], ours[key]))
  );
}
