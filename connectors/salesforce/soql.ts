import * as z from 'zod';
import type { SalesforceContext } from './credentials.ts';

/**
 * SOQL with its values escaped: soql`… WHERE Email = ${email}`. Names of fields and objects come
 * from the settings' schema and are put in with `raw`.
 */
export function soql(texts: TemplateStringsArray, ...values: (string | Raw)[]): string {
  return texts.reduce((query, text, index) => {
    const value = values[index];
    if (value === undefined) return query + text;
    return query + text + (typeof value === 'string' ? literal(value) : value.raw);
  }, '');
}

interface Raw {
  readonly raw: string;
}

export const raw = (text: string): Raw => ({ raw: text });

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
  return z.object({ records: z.array(record) }).parse(data).records;
}
