import { openIndexes } from './fake-index.ts';
import { PREFIXES, type Row, SObjectName } from './fake-sobject.ts';

export type { Row } from './fake-sobject.ts';

/** Who changed something and through what, as a change event tells it. */
export interface Change {
  readonly user: string;
  /** The client named in the call's options; absent for people in the browser. */
  readonly client?: string | undefined;
}

/** One change before it is wrapped for the event bus. */
export interface ChangeNews {
  readonly entity: SObjectName;
  readonly recordId: string;
  readonly changeType: 'CREATE' | 'UPDATE' | 'DELETE' | 'GAP_UPDATE' | 'GAP_OVERFLOW';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly change: Change;
}

/** An organisation's data. Every change is told to `onChange`. */
export interface SalesforceStore {
  readonly live: Readonly<Record<SObjectName, Map<string, Row>>>;
  readonly deleted: Readonly<Record<SObjectName, Map<string, Row>>>;
  /** The live rows whose field has a text, whatever its case, the oldest first. */
  having(entity: SObjectName, field: string, text: string): Row[];
  create(entity: SObjectName, fields: Readonly<Record<string, unknown>>, change: Change): Row;
  /** Answers the fields whose value changed. */
  update(
    entity: SObjectName,
    id: string,
    fields: Readonly<Record<string, unknown>>,
    change: Change,
  ): Record<string, unknown>;
  remove(entity: SObjectName, id: string, masterId: string | undefined, change: Change): void;
  /** Does all of it or, where it throws, nothing: no row is changed and nobody hears of it. */
  atomically<T>(act: () => T): T;
}

/** What undoes the changes under way, and who would be told of them. */
interface Transaction {
  readonly undo: (() => void)[];
  readonly news: ChangeNews[];
}

export function salesforceStore(
  now: () => Date,
  onChange: (news: ChangeNews) => void,
): SalesforceStore {
  let under: Transaction | undefined;
  const tell = (news: ChangeNews, undo: () => void) => {
    if (under === undefined) onChange(news);
    else {
      under.news.push(news);
      under.undo.push(undo);
    }
  };
  const live = emptyTables();
  const deleted = emptyTables();
  const indexes = openIndexes(live);
  const counters = new Map<SObjectName, number>();
  return {
    live,
    deleted,
    having: indexes.having,

    create(entity, fields, change) {
      const count = (counters.get(entity) ?? 0) + 1;
      counters.set(entity, count);
      const at = now().toISOString();
      const stamps = { CreatedDate: at, LastModifiedDate: at, SystemModstamp: at };
      const by = { CreatedById: change.user, LastModifiedById: change.user };
      const Id = idOf(PREFIXES[entity], count);
      const row: Row = { ...fields, ...stamps, ...by, IsDeleted: false, Id };
      live[entity].set(Id, row);
      indexes.enter(entity, row);
      tell({ entity, recordId: Id, changeType: 'CREATE', fields: { ...fields }, change }, () => {
        live[entity].delete(Id);
        indexes.leave(entity, row);
      });
      return row;
    },

    update(entity, id, fields, change) {
      const row = live[entity].get(id);
      if (row === undefined) return {};
      const changed = Object.fromEntries(
        Object.entries(fields).filter(([name, value]) => (row[name] ?? null) !== (value ?? null)),
      );
      if (Object.keys(changed).length === 0) return {};
      const at = now().toISOString();
      const stamps = { LastModifiedDate: at, SystemModstamp: at, LastModifiedById: change.user };
      const before = { ...row };
      indexes.leave(entity, row);
      Object.assign(row, changed, stamps);
      indexes.enter(entity, row);
      const news = { ...changed, LastModifiedDate: at };
      tell({ entity, recordId: id, changeType: 'UPDATE', fields: news, change }, () => {
        indexes.leave(entity, row);
        Object.assign(row, before);
        indexes.enter(entity, row);
      });
      return changed;
    },

    remove(entity, id, masterId, change) {
      const row = live[entity].get(id);
      if (row === undefined) return;
      live[entity].delete(id);
      indexes.leave(entity, row);
      deleted[entity].set(id, {
        ...row,
        MasterRecordId: masterId ?? null,
        IsDeleted: true,
        SystemModstamp: now().toISOString(),
        LastModifiedById: change.user,
      });
      tell({ entity, recordId: id, changeType: 'DELETE', fields: {}, change }, () => {
        deleted[entity].delete(id);
        live[entity].set(id, row);
        indexes.enter(entity, row);
      });
    },

    atomically(act) {
      const transaction: Transaction = { undo: [], news: [] };
      under = transaction;
      try {
        const done = act();
        under = undefined;
        for (const news of transaction.news) onChange(news);
        return done;
      } catch (error) {
        under = undefined;
        for (const undo of transaction.undo.reverse()) undo();
        throw error;
      }
    },
  };
}

function emptyTables(): Record<SObjectName, Map<string, Row>> {
  return Object.fromEntries(
    SObjectName.options.map((entity) => [entity, new Map<string, Row>()]),
  ) as Record<SObjectName, Map<string, Row>>;
}

const SUFFIXES = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** An id of 18 characters: the last three tell, for those who ignore case, which letters are large. */
export function idOf(prefix: string, count: number): string {
  const short = `${prefix}${String(count).padStart(12, '0')}`;
  const suffix = [0, 5, 10].map((start) => {
    const bits = [...short.slice(start, start + 5)].reduce(
      (sum, character, index) => sum + (/[A-Z]/.test(character) ? 2 ** index : 0),
      0,
    );
    return SUFFIXES[bits] ?? 'A';
  });
  return short + suffix.join('');
}
