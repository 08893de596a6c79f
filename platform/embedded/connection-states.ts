import { ConnectionState, FRESH } from '#core/limits/state.ts';
import type { ConnectionStates } from '#core/ports/budget.ts';
import type { Records } from '#core/ports/records.ts';
import { read } from '#core/records/store.ts';

const keyOf = (connection: string) => ({ pk: `BUDGET#${connection}`, sk: 'BUDGET' });

/** A kill forgets at most the calls of so long; the vendor's own word mends that. */
const KEPT_EVERY_MS = 60_000;

/**
 * The states of a hub in one process: in its memory, where looking costs nothing. Once a minute a
 * day's count goes to the records, and at once what opens or closes a breaker, so that a restart
 * goes on with both.
 */
export function embeddedStates(records: Records, now: () => Date): ConnectionStates {
  const states = new Map<string, ConnectionState>();
  const loading = new Map<string, Promise<void>>();
  const kept = new Map<string, { readonly at: number; version: number; open: boolean }>();

  const load = async (connection: string): Promise<void> => {
    const stored = await read(records, ConnectionState, keyOf(connection));
    states.set(connection, stored?.data ?? FRESH);
    const open = stored?.data.breaker.open !== undefined;
    kept.set(connection, { at: now().getTime(), version: stored?.version ?? 0, open });
  };
  const loaded = (connection: string): Promise<void> => {
    const known = loading.get(connection) ?? load(connection);
    loading.set(connection, known);
    known.catch(() => loading.delete(connection));
    return known;
  };

  const isWorthKeeping = (connection: string, state: ConnectionState): boolean => {
    const last = kept.get(connection);
    if (last === undefined) return false;
    if ((state.breaker.open !== undefined) !== last.open) return true;
    return state.day !== undefined && Math.abs(now().getTime() - last.at) >= KEPT_EVERY_MS;
  };
  const keep = async (connection: string, state: ConnectionState): Promise<void> => {
    const version = (kept.get(connection)?.version ?? 0) + 1;
    kept.set(connection, { at: now().getTime(), version, open: state.breaker.open !== undefined });
    const item = { ...keyOf(connection), type: 'budget', version, data: state };
    // One process has the folder, so nobody else writes; what the disk does not take stays in memory.
    await records.write([{ put: item }]).catch(() => undefined);
  };

  return {
    leased: false,
    async change(connection, decide) {
      if (!states.has(connection)) await loaded(connection);
      const before = states.get(connection) ?? FRESH;
      const decision = decide(before);
      states.set(connection, decision.state);
      if (decision.state !== before && isWorthKeeping(connection, decision.state))
        await keep(connection, decision.state);
      return decision;
    },
  };
}
