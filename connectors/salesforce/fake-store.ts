import { openIndexes } from './fake-index.ts';
import type { Row, SObjectName } from './fake-sobject.ts';

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
  readonly changeType: 'CREATE' | 'UPDATE' | 'DELETE';
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
}

const PREFIXES: Record<SObjectName, string> = {
  Lead: '00Q',
  Contact: '003',
  Account: '001',
  Task: '00T',
  Opportunity: '006',
  OpportunityContactRole: '00K',
  User: '005',
};

export function salesforceStore(
  now: () => Date,
  onChange: (news: ChangeNews) => void,
): SalesforceStore {
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
      const Id = idOf(PREFIXES[entity], count);
      const row: Row = { ...fields, ...stamps, LastModifiedById: change.user, Id };
      live[entity].set(Id, row);
      indexes.enter(entity, row);
      onChange({ entity, recordId: Id, changeType: 'CREATE', fields: { ...fields }, change });
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
      indexes.leave(entity, row);
      Object.assign(row, changed, stamps);
      indexes.enter(entity, row);
      const news = { ...changed, LastModifiedDate: at };
      onChange({ entity, recordId: id, changeType: 'UPDATE', fields: news, change });
      return changed;
    },

    remove(entity, id, masterId, change) {
      const row = live[entity].get(id);
      if (row === undefined) return;
      live[entity].delete(id);
      indexes.leave(entity, row);
      deleted[entity].set(id, { ...row, MasterRecordId: masterId ?? null });
      onChange({ entity, recordId: id, changeType: 'DELETE', fields: {}, change });
    },
  };
}

function emptyTables(): Record<SObjectName, Map<string, Row>> {
  return {
    Lead: new Map(),
    Contact: new Map(),
    Account: new Map(),
    Task: new Map(),
    Opportunity: new Map(),
    OpportunityContactRole: new Map(),
    User: new Map(),
  };
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
