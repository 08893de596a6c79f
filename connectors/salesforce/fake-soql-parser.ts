import { refused } from './fake-errors.ts';
import { SObjectName } from './fake-sobject.ts';

export interface Select {
  readonly fields: readonly string[];
  /** The one nested list that opportunities are read with. */
  readonly roles: readonly string[] | undefined;
  readonly from: SObjectName;
  readonly condition: Condition;
  readonly order: readonly { readonly field: string; readonly descending: boolean }[];
  readonly limit: number | undefined;
}

type Value = string | boolean;

export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly field: string; readonly than: '=' | '>' | '>='; readonly value: Value }
  | { readonly field: string; readonly among: readonly Value[] }
  | { readonly field: string; readonly within: Select };

const malformed = (near: string) => refused('MALFORMED_QUERY', `unexpected token: '${near}'`);

/** Reads the part of SOQL that the connector speaks, and refuses everything else. */
export function parseSoql(text: string): Select {
  const parser = parserOf(tokensOf(text));
  const select = parser.select();
  parser.end();
  return select;
}

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const TOKENS = /\s*('(?:[^'\\]|\\.)*'|\d{4}-\d\d-\d\dT[\d:.]+Z|[\w.]+|>=|[(),=>])/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < text.length) {
    const start = TOKENS.lastIndex;
    const token = TOKENS.exec(text)?.[1];
    if (token === undefined) throw malformed(text.slice(start, start + 10));
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

function constantOf(token: string): Value {
  if (token === 'true' || token === 'false') return token === 'true';
  if (INSTANT.test(token)) return token;
  if (!token.startsWith("'")) throw malformed(token);
  return unquoted(token);
}

function parserOf(tokens: string[]) {
  let at = 0;
  const peek = (ahead = 0) => tokens[at + ahead];
  const take = (wanted?: string) => {
    const token = tokens[at] ?? '';
    if (wanted !== undefined && token !== wanted) throw malformed(token);
    at += 1;
    return token;
  };
  const accept = (wanted: string) => peek() === wanted && take() === wanted;
  const listOf = <T>(one: () => T): T[] => {
    const found = [one()];
    while (accept(',')) found.push(one());
    return found;
  };

  const name = () => {
    const token = take();
    if (!/^[A-Za-z][\w.]*$/.test(token)) throw malformed(token);
    return token;
  };

  const roles = () => {
    take('(');
    take('SELECT');
    const found = listOf(name);
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

  const among = (field: string): Condition => {
    take('IN');
    take('(');
    const found: Condition =
      peek() === 'SELECT'
        ? { field, within: select() }
        : { field, among: listOf(() => constantOf(take())) };
    take(')');
    return found;
  };

  const comparison = (): Condition => {
    if (accept('(')) {
      const inner = alternatives();
      take(')');
      return inner;
    }
    const field = name();
    const than = peek();
    if (than !== '=' && than !== '>' && than !== '>=') return among(field);
    take();
    return { field, than, value: constantOf(take()) };
  };

  const conjunction = (): Condition => {
    const all = [comparison()];
    while (accept('AND')) all.push(comparison());
    return { all };
  };

  // Salesforce refuses AND beside OR without parentheses, too.
  function alternatives(): Condition {
    const any = [conjunction()];
    while (accept('OR')) any.push(conjunction());
    return any.length === 1 && any[0] !== undefined ? any[0] : { any };
  }

  const order = () => {
    if (!accept('ORDER')) return [];
    take('BY');
    return listOf(() => ({ field: name(), descending: accept('DESC') }));
  };

  function select(): Select {
    take('SELECT');
    const list = fieldList();
    take('FROM');
    const from = SObjectName.safeParse(take());
    if (!from.success) throw refused('INVALID_TYPE', 'sObject type is not supported.');
    take('WHERE');
    const condition = alternatives();
    const by = order();
    const limit = accept('LIMIT') ? Number(take()) : undefined;
    return { ...list, from: from.data, condition, order: by, limit };
  }

  const end = () => {
    if (at < tokens.length) throw malformed(peek() ?? '');
  };
  return { select, end };
}
