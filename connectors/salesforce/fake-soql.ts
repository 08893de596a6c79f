import { refused } from './fake-errors.ts';
import { RELATIONS, type Schema } from './fake-schema.ts';
import { type Condition, parseSoql, type Select } from './fake-soql-parser.ts';
import type { Row, SalesforceStore } from './fake-store.ts';

/** The rows that a query found, as they are shown. */
export interface Found {
  readonly rows: readonly Row[];
  show(row: Row): Record<string, unknown>;
}

/**
 * Answers the part of SOQL that the connector speaks, and refuses everything else: a query that
 * works here by luck would fail at the vendor.
 */
export function findRows(
  store: SalesforceStore,
  schema: Schema,
  text: string,
  deletedToo: boolean,
): Found {
  const select = parseSoql(text);
  requireFields(schema, select);
  return {
    rows: rowsOf(store, select, deletedToo),
    show: (row) => shown(store, select, row),
  };
}

function rowsOf(store: SalesforceStore, select: Select, deletedToo: boolean): Row[] {
  const live = candidates(store, select);
  const all = deletedToo ? [...live, ...store.deleted[select.from].values()] : live;
  const found = all.filter((row) => holds(store, select.condition, row));
  if (select.order.length > 0) found.sort((left, right) => compared(select, left, right));
  return found.slice(0, select.limit);
}

function compared({ order }: Select, left: Row, right: Row): number {
  for (const { field, descending } of order) {
    const [one, other] = [String(left[field]), String(right[field])];
    if (one !== other) return one < other === descending ? 1 : -1;
  }
  return 0;
}

/** The rows that a condition on texts leaves: texts of other length than a short id are looked up. */
function candidates(store: SalesforceStore, { from, condition }: Select): Row[] {
  for (const one of 'all' in condition ? condition.all : []) {
    const texts = lookedUp(one);
    if (texts === undefined || !('field' in one)) continue;
    return [...new Set(texts.flatMap((text) => store.having(from, one.field, text)))];
  }
  return [...store.live[from].values()];
}

const SHORT_ID_LENGTH = 15;

function lookedUp(condition: Condition): string[] | undefined {
  if (!('among' in condition) && !('than' in condition && condition.than === '=')) return undefined;
  const values = 'among' in condition ? condition.among : [condition.value];
  const texts = values.filter((value) => typeof value === 'string');
  const isExact = texts.every((text) => text.length !== SHORT_ID_LENGTH);
  return isExact && texts.length === values.length ? texts : undefined;
}

function holds(store: SalesforceStore, condition: Condition, row: Row): boolean {
  if ('all' in condition) return condition.all.every((one) => holds(store, one, row));
  if ('any' in condition) return condition.any.some((one) => holds(store, one, row));
  const value = row[condition.field] ?? null;
  if ('among' in condition) return condition.among.some((one) => sameValue(value, one));
  if ('within' in condition) {
    const [field = ''] = condition.within.fields;
    return rowsOf(store, condition.within, false).some((one) => one[field] === value);
  }
  if (sameValue(value, condition.value)) return condition.than !== '>';
  return condition.than !== '=' && String(value) > String(condition.value);
}

/** Salesforce compares texts without regard to case, and ids of either length. */
function sameValue(value: unknown, wanted: string | boolean): boolean {
  if (typeof value !== 'string' || typeof wanted !== 'string') return value === wanted;
  if (/^\w{18}$/.test(value) && wanted.length === SHORT_ID_LENGTH) return value.startsWith(wanted);
  return value.toLowerCase() === wanted.toLowerCase();
}

function shown(store: SalesforceStore, select: Select, row: Row): Record<string, unknown> {
  const record: Record<string, unknown> = {
    attributes: {
      type: select.from,
      url: `/services/data/v66.0/sobjects/${select.from}/${row.Id}`,
    },
  };
  for (const field of select.fields) {
    const [name = '', inner] = field.split('.');
    if (inner === undefined) record[name] = row[name] ?? null;
    else record[name] = related(store, row, name, inner, record[name]);
  }
  if (select.roles !== undefined)
    record['OpportunityContactRoles'] = rolesOf(store, row, select.roles);
  return record;
}

function related(store: SalesforceStore, row: Row, name: string, inner: string, before: unknown) {
  const relation = RELATIONS[name];
  const id = String(row[relation?.field ?? ''] ?? '');
  const found = relation?.to.map((table) => store.live[table].get(id)).find(Boolean);
  if (found === undefined) return null;
  return { ...(before as object | null), [inner]: found[inner] ?? null };
}

/** An opportunity without roles has `null` there, not an empty list. */
function rolesOf(store: SalesforceStore, row: Row, fields: readonly string[]) {
  const records = store
    .having('OpportunityContactRole', 'OpportunityId', row.Id)
    .map((role) => Object.fromEntries(fields.map((field) => [field, role[field] ?? null])));
  return records.length === 0 ? null : { totalSize: records.length, done: true, records };
}

function requireFields(schema: Schema, select: Select): void {
  const ordered = select.order.map(({ field }) => field);
  const own = [...select.fields, ...fieldsIn(select.condition), ...ordered];
  const unknown = own.find((field) => {
    const [name = '', inner] = field.split('.');
    return !(inner === undefined ? schema.has(select.from, name) : name in RELATIONS);
  });
  if (unknown !== undefined) {
    throw refused('INVALID_FIELD', `No such column '${unknown}' on entity '${select.from}'`);
  }
}

function fieldsIn(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(fieldsIn);
  if ('any' in condition) return condition.any.flatMap(fieldsIn);
  return [condition.field];
}
