import type { Row, SObjectName } from './fake-sobject.ts';

/** Finds rows by a text in a field without looking at all of them: an organisation may have many. */
export interface Indexes {
  /** The live rows whose field has a text, whatever its case, the oldest first. */
  having(entity: SObjectName, field: string, text: string): Row[];
  enter(entity: SObjectName, row: Row): void;
  leave(entity: SObjectName, row: Row): void;
}

type Index = Map<string, Set<Row>>;

/** An index is made when its field is first asked for. */
export function openIndexes(live: Readonly<Record<SObjectName, Map<string, Row>>>): Indexes {
  const indexes = new Map<SObjectName, Map<string, Index>>();
  const put = (index: Index, field: string, row: Row): void => {
    const key = keyOf(row[field]);
    const rows = index.get(key);
    if (rows === undefined) index.set(key, new Set([row]));
    else rows.add(row);
  };
  const indexOf = (entity: SObjectName, field: string): Index => {
    const fields = indexes.get(entity) ?? new Map<string, Index>();
    indexes.set(entity, fields);
    const known = fields.get(field);
    if (known !== undefined) return known;
    const made: Index = new Map();
    for (const row of live[entity].values()) put(made, field, row);
    fields.set(field, made);
    return made;
  };
  return {
    having: (entity, field, text) =>
      [...(indexOf(entity, field).get(keyOf(text)) ?? [])].sort((left, right) =>
        left.Id < right.Id ? -1 : 1,
      ),
    enter(entity, row) {
      for (const [field, index] of indexes.get(entity) ?? []) put(index, field, row);
    },
    leave(entity, row) {
      for (const [field, index] of indexes.get(entity) ?? []) {
        const key = keyOf(row[field]);
        index.get(key)?.delete(row);
        if (index.get(key)?.size === 0) index.delete(key);
      }
    },
  };
}

const keyOf = (value: unknown): string => String(value ?? '').toLowerCase();
