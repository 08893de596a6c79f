import { refused } from './fake-errors.ts';
import { RELATIONS, type Schema } from './fake-schema.ts';
import { SObjectName } from './fake-sobject.ts';
import type { Row, SalesforceStore } from './fake-store.ts';

interface Select {
  readonly fields: readonly string[];
  /** The one nested list that opportunities are read with. */
  readonly roles: readonly string[] | undefined;
  readonly from: SObjectName;
  readonly conditions: readonly Condition[];
  readonly newestFirst: boolean;
  readonly limit: number | undefined;
}

type Condition =
  | { readonly field: string; readonly equals: string | boolean }
  | { readonly field: string; readonly within: Select };

const MALFORMED = (near: string) => refused('MALFORMED_QUERY', `unexpected token: '${near}'`);

/**
 * Answers the part of SOQL that the connector speaks, and refuses everything else: a query that
 * works here by luck would fail at the vendor.
 */
export function answerQuery(
  store: SalesforceStore,
  schema: Schema,
  text: string,
  deletedToo: boolean,
): Record<string, unknown> {
  const parser = parserOf(text);
  const select = parser.select();
  parser.end();
  requireFields(schema, select);
  const records = rowsOf(store, select, deletedToo).map((row) => shown(store, select, row));
  return { totalSize: records.length, done: true, records };
}

function rowsOf(store: SalesforceStore, select: Select, deletedToo: boolean): Row[] {
  const live = candidates(store, select);
  const all = deletedToo ? [...live, ...store.deleted[select.from].values()] : live;
  const found = all.filter((row) => select.conditions.every((one) => holds(store, one, row)));
  if (select.newestFirst) {
    found.sort((a, b) => String(b['CreatedDate']).localeCompare(String(a['CreatedDate'])));
  }
  return found.slice(0, select.limit);
}

/** The rows that one of the conditions leaves: a text of other length than a short id is looked up. */
function candidates(store: SalesforceStore, { from, conditions }: Select): Row[] {
  for (const condition of conditions) {
    if (!('equals' in condition) || typeof condition.equals !== 'string') continue;
    const { field, equals } = condition;
    if (equals.length !== SHORT_ID_LENGTH) return store.having(from, field, equals);
  }
  return [...store.live[from].values()];
}

const SHORT_ID_LENGTH = 15;

function holds(store: SalesforceStore, condition: Condition, row: Row): boolean {
  const value = row[condition.field] ?? null;
  if ('equals' in condition) return sameValue(value, condition.equals);
  const [field = ''] = condition.within.fields;
  return rowsOf(store, condition.within, false).some((one) => one[field] === value);
}

/** Salesforce compares texts without regard to case, and ids of either length. */
function sameValue(value: unknown, wanted: string | boolean): boolean {
  if (typeof value !== 'string' || typeof wanted !== 'string') return value === wanted;
  if (/^\w{18}$/.test(value) && wanted.length === 15) return value.startsWith(wanted);
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
  const own = [...select.fields, ...select.conditions.map(({ field }) => field)];
  const unknown = own.find((field) => {
    const [name = '', inner] = field.split('.');
    return !(inner === undefined ? schema.has(select.from, name) : name in RELATIONS);
  });
  if (unknown !== undefined) {
    throw refused('INVALID_FIELD', `No such column '${unknown}' on entity '${select.from}'`);
  }
}

const TOKENS = /\s*('(?:[^'\\]|\\.)*'|[\w.]+|[(),=])/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < text.length) {
    const start = TOKENS.lastIndex;
    const token = TOKENS.exec(text)?.[1];
    if (token === undefined) throw MALFORMED(text.slice(start, start + 10));
    tokens.push(token);
  }
  return tokens;
}

const UNESCAPED: Record<string, string> = { n: '\n', r: '\r', t: '\t' };

function unquoted(token: string): string {
  return token
    .slice(1, -1)
    .replace(/\\(.)/g, (_, character: string) => UNESCAPED[character] ?? character);
}

function parserOf(text: string) {
  const tokens = tokensOf(text);
  const peek = () => tokens[0];
  const take = (wanted?: string) => {
    const token = tokens.shift() ?? '';
    if (wanted !== undefined && token !== wanted) throw MALFORMED(token);
    return token;
  };
  const accept = (wanted: string) => peek() === wanted && take() === wanted;

  const name = () => {
    const token = take();
    if (!/^[A-Za-z][\w.]*$/.test(token)) throw MALFORMED(token);
    return token;
  };

  const names = () => {
    const found = [name()];
    while (accept(',')) found.push(name());
    return found;
  };

  const roles = () => {
    take('(');
    take('SELECT');
    const found = names();
    take('FROM');
    take('OpportunityContactRoles');
    take(')');
    return found;
  };

  const fieldList = () => {
    const fields: string[] = [];
    let nested: string[] | undefined;
    do {
      if (peek() === '(') nested = roles();
      else fields.push(name());
    } while (accept(','));
    return { fields, roles: nested };
  };

  const value = (): string | boolean => {
    const token = take();
    if (token === 'true' || token === 'false') return token === 'true';
    if (!token.startsWith("'")) throw MALFORMED(token);
    return unquoted(token);
  };

  const condition = (): Condition => {
    const field = name();
    if (accept('=')) return { field, equals: value() };
    take('IN');
    take('(');
    const within = select();
    take(')');
    return { field, within };
  };

  const conditions = () => {
    const found = [condition()];
    while (accept('AND')) found.push(condition());
    return found;
  };

  const order = () => {
    if (!accept('ORDER')) return false;
    for (const word of ['BY', 'CreatedDate', 'DESC']) take(word);
    return true;
  };

  function select(): Select {
    take('SELECT');
    const list = fieldList();
    take('FROM');
    const from = SObjectName.safeParse(take());
    if (!from.success) throw refused('INVALID_TYPE', 'sObject type is not supported.');
    take('WHERE');
    const where = conditions();
    const newestFirst = order();
    const limit = accept('LIMIT') ? Number(take()) : undefined;
    return { ...list, from: from.data, conditions: where, newestFirst, limit };
  }

  const end = () => {
    if (tokens.length > 0) throw MALFORMED(tokens[0] ?? '');
  };
  return { select, end };
}
