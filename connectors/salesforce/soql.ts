import * as z from 'zod';
import type { SalesforceContext } from './credentials.ts';

type Value = string | Raw | readonly string[] | Date;

/**
 * SOQL with its values escaped: soql`… WHERE Email = ${email}`, a list after `IN`, an instant as
 * a date literal. Names of fields and objects come from the settings' schema and are put in with
 * `raw`.
 */
export function soql(texts: TemplateStringsArray, ...values: Value[]): string {
  return texts.reduce((query, text, index) => {
    const value = values[index];
    return value === undefined ? query + text : query + text + written(value);
  }, '');
}

interface Raw {
  readonly raw: string;
}

export const raw = (text: string): Raw => ({ raw: text });

function written(value: Value): string {
  if (typeof value === 'string') return literal(value);
  if (value instanceof Date) return value.toISOString();
  return 'raw' in value ? value.raw : `(${value.map(literal).join(', ')})`;
}

const ESCAPES: Record<string, string> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm */
function literal(value: string): string {
  return `'${value.replace(/[\\'"\n\r\t]/g, (character) => ESCAPES[character] ?? character)}'`;
}

/** A query as a step of a composite call. */
export function queryPath(text: string): string {
  return `/query?q=${encodeURIComponent(text)}`;
}

/** The records in the answer of a query. */
export function rowsOf<T extends z.ZodType>(record: T, body: unknown): z.infer<T>[] {
  return z.object({ records: z.array(record) }).parse(body).records;
}

/**
 * The records that a query finds; at most one page, because every query of the hub asks for few.
 * `deletedToo` also finds what was deleted or merged away.
 */
export async function query<T extends z.ZodType>(
  context: SalesforceContext,
  record: T,
  text: string,
  deletedToo = false,
): Promise<z.infer<T>[]> {
  // https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_query.htm
  const { data } = await context.http.get(deletedToo ? '/queryAll' : '/query', {
    params: { q: text },
  });
  return rowsOf(record, data);
}
