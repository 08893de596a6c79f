import { Handoff } from '#core/records/handoff.ts';
import { LogEntry } from '#core/records/log-entry.ts';
import { type Compared, type Outcome, WatchedRating } from '#core/scoring/compare-models.ts';
import type { StoreReader } from '#platform/embedded/reader.ts';

/** Every rating at which another model looked on, in order, with what became of the lead. */
export function watchedRatings(store: StoreReader, since: string | undefined): Compared[] {
  const outcomes = new Map<string, Outcome>();
  for (const { data } of store.eachItem(['handoff'])) {
    const handoff = Handoff.parse(data);
    outcomes.set(handoff.run, outcomeOf(handoff));
  }
  const found: Compared[] = [];
  for (const { pk, data } of store.eachItem(['log'])) {
    const { kind, at, detail } = LogEntry.parse(data);
    if (kind !== 'decision' || (since !== undefined && at < since)) continue;
    const rated = WatchedRating.safeParse(detail).data;
    if (rated === undefined) continue;
    const person = pk.replace(/^PERSON#/, '');
    found.push({ person, at, rated, outcome: outcomes.get(rated.run) });
  }
  return found.sort((one, other) => (one.at < other.at ? -1 : 1));
}

function outcomeOf({ status, reason, signals }: Handoff): Outcome {
  const { accepted, worked, opportunity, closed, rejected } = signals;
  const cameBack = status === 'handed-back' || status === 'declined' || rejected !== undefined;
  return {
    accepted: (accepted ?? worked ?? opportunity ?? closed) !== undefined,
    ...(cameBack ? { reason: rejected?.reason ?? reason ?? 'unknown' } : {}),
    ...(closed === undefined ? {} : { closed: closed.outcome }),
  };
}
