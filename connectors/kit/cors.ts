import type { Connections } from './connections.ts';
import type { RawRequest, RawResponse } from './connector.ts';

type Asked = Pick<RawRequest, 'headers'>;

/** What lets a page read the answer to its call; nothing where its origin is not among the sites. */
export function allowance(
  { headers }: Asked,
  sites: readonly string[],
): Readonly<Record<string, string>> {
  const { origin } = headers;
  if (origin === undefined || !sites.includes(origin)) return {};
  return { 'access-control-allow-origin': origin, vary: 'origin' };
}

/**
 * Answers a browser that asks whether a page may call the tracking API. It sends no write key
 * along, so the page may if it is a site of any connection. A no is an answer without headers.
 */
export function preflight(connections: Connections, request: Asked): RawResponse {
  const sites = connections.names.flatMap((name) => {
    const { connector, connection } = connections.open(name);
    return connector.inbound?.sites?.(connector.settings.parse(connection.settings)) ?? [];
  });
  const allowed = allowance(request, sites);
  const calls = {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'authorization, content-type',
    'access-control-max-age': '86400',
  };
  return {
    status: 204,
    headers: {
      vary: 'origin',
      ...(Object.keys(allowed).length === 0 ? {} : { ...calls, ...allowed }),
    },
    body: '',
  };
}
