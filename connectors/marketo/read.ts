import { isHubError } from '#core/errors.ts';
import type { MarketoContext } from './credentials.ts';
import { TIMEOUT_MS } from './timeouts.ts';

/** Marketo takes addresses of 8 KB, host and path included. */
const MOST_QUERY_BYTES = 7_500;

type Value = string | number | readonly (string | number)[] | undefined;

/** Parameters as Marketo reads them: a list is the parameter repeated, or one text with commas. */
export function queryOf(params: Readonly<Record<string, Value>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue;
    for (const one of [value].flat()) query.append(name, String(one));
  }
  return query.toString();
}

/**
 * Asks Marketo. A question too long for an address goes as a form that is marked to be read as one.
 * https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/rest-api
 */
export async function ask(
  { http }: Pick<MarketoContext, 'http'>,
  path: string,
  params: Readonly<Record<string, Value>> = {},
): Promise<unknown> {
  const query = queryOf(params);
  const asForm = async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const options = { headers, timeout: TIMEOUT_MS.read };
    return (await http.post(`${path}?_method=GET`, query, options)).data;
  };
  if (query.length > MOST_QUERY_BYTES) return asForm();
  try {
    const address = query === '' ? path : `${path}?${query}`;
    return (await http.get(address, { timeout: TIMEOUT_MS.read })).data;
  } catch (error) {
    if (isHubError(error) && error.code === 'marketo_uri_too_long') return asForm();
    throw error;
  }
}

/** As many as Marketo takes in one call, again and again until all had their turn. */
export function* portions<T>(all: readonly T[], most: number): Generator<T[]> {
  for (let from = 0; from < all.length; from += most) yield all.slice(from, from + most);
}

/** Records in one call of the lead database. */
export const MOST_RECORDS = 300;
