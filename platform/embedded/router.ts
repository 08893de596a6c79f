import type { RawResponse } from '#connectors/kit/connector.ts';
import { type Route, statusOf } from '#core/api.ts';
import { isHubError } from '#core/errors.ts';

/** A request as the web brought it; the hub's public address is not in it. */
export interface WebRequest {
  readonly method: string;
  /** Path and query exactly as sent. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface RoutedRequest extends WebRequest {
  /** The `{name}` parts of the path, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** One route and what answers it. A `{name}` of the path is one segment; GET answers HEAD, too. */
export interface Endpoint {
  readonly method: Route['method'];
  readonly path: string;
  answer(request: RoutedRequest): Promise<RawResponse>;
}

/** Answers any request; what goes wrong is an answer as well, so it never throws. */
export type WebAnswer = (request: WebRequest) => Promise<RawResponse>;

/** Leads each request to the first endpoint of its path and method. */
export function router(endpoints: readonly Endpoint[]): WebAnswer {
  const compiled = endpoints.map((endpoint) => ({ endpoint, pattern: patternOf(endpoint.path) }));
  return async (request) => {
    const [pathname = ''] = request.path.split('?', 1);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const isHere = ({ pattern }: (typeof compiled)[number]) => pattern.test(pathname);
    const found = compiled.find((one) => one.endpoint.method === method && isHere(one));
    if (found === undefined) {
      return nothingHere(compiled.filter(isHere).map(({ endpoint }) => endpoint.method));
    }
    try {
      const parameters = parametersOf(found.pattern, pathname);
      return await found.endpoint.answer({ ...request, parameters });
    } catch (error) {
      if (isHubError(error)) return refusal(statusOf(error), error.code, error.message);
      return refusal(
        500,
        'hub_broken',
        'The hub itself failed at this request; send it again later.',
      );
    }
  };
}

/** An error as every answer of the hub tells it. */
export const refusal = (status: number, code: string, message: string): RawResponse =>
  jsonAnswer({ error: { code, message } }, status);

/** An answer in JSON. */
export const jsonAnswer = (value: unknown, status = 200): RawResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

function nothingHere(methods: readonly string[]): RawResponse {
  if (methods.length === 0) {
    return refusal(
      404,
      'route_unknown',
      'There is nothing at this address: see docs/connecting.md for the addresses of the hub.',
    );
  }
  const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  const { headers, ...answer } = refusal(
    405,
    'method_refused',
    `This address takes ${allow.join(', ')} only.`,
  );
  return { ...answer, headers: { ...headers, allow: allow.join(', ') } };
}

const patternOf = (path: string) =>
  new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);

function parametersOf(pattern: RegExp, pathname: string): Record<string, string> {
  const groups = pattern.exec(pathname)?.groups ?? {};
  return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decoded(text)]));
}

/** A `%` that begins no code stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
