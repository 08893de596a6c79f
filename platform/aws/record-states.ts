import { ConnectionState, FRESH } from '#core/limits/state.ts';
import type { ConnectionStates } from '#core/ports/budget.ts';
import type { Records } from '#core/ports/records.ts';
import { read, untilWritten } from '#core/records/store.ts';

const keyOf = (connection: string) => ({ pk: `BUDGET#${connection}`, sk: 'BUDGET' });

interface Known {
  readonly state: ConnectionState;
  readonly version: number;
}

/**
 * The states that many workers share through the records: one item a connection, written under the
 * condition that nobody else did. Each worker begins with what it last wrote, so that one who is
 * alone reads once and then only writes.
 */
export function recordStates(records: Records): ConnectionStates {
  const known = new Map<string, Known>();
  const turns = new Map<string, Promise<unknown>>();

  const look = async (connection: string): Promise<Known> => {
    const stored = await read(records, ConnectionState, keyOf(connection));
    return { state: stored?.data ?? FRESH, version: stored?.version ?? 0 };
  };
  const decided = async <D extends { readonly state: ConnectionState }>(
    connection: string,
    from: Known,
    decide: (state: ConnectionState) => D,
  ): Promise<D | undefined> => {
    const decision = decide(from.state);
    if (decision.state === from.state) return undefined;
    await write(records, connection, from.version, decision.state);
    known.set(connection, { state: decision.state, version: from.version + 1 });
    return decision;
  };
  const change = async <D extends { readonly state: ConnectionState }>(
    connection: string,
    decide: (state: ConnectionState) => D,
  ): Promise<D> => {
    const remembered = known.get(connection);
    known.delete(connection);
    const quick = remembered && (await decided(connection, remembered, decide));
    if (quick !== undefined) return quick;
    // What is remembered may be old: whoever has nothing to write by it looks before it is believed.
    const fresh = await look(connection);
    const written = await decided(connection, fresh, decide);
    if (written !== undefined) return written;
    known.set(connection, fresh);
    return decide(fresh.state);
  };

  return {
    leased: true,
    change: (connection, decide) => {
      // One after the other within a worker: its calls need not lose races against each other.
      const before = turns.get(connection) ?? Promise.resolve();
      const mine = before.then(() => untilWritten(() => change(connection, decide)));
      turns.set(
        connection,
        mine.catch(() => undefined),
      );
      return mine;
    },
  };
}

async function write(
  records: Records,
  connection: string,
  version: number,
  data: ConnectionState,
): Promise<void> {
  const put = { ...keyOf(connection), type: 'budget', version: version + 1, data };
  await records.write([{ put, if: version === 0 ? 'absent' : { version } }]);
}
