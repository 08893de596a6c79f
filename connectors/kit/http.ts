import axios, {
  type AxiosInstance,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import { HubError } from '#core/errors.ts';
import type { ConnectionContext, Connector, VendorAnswer } from './connector.ts';

interface TokenState {
  token?: string;
  expiresAt?: number;
  fetching?: Promise<string> | undefined;
}

/** A request as it went out: with which token, and whether it was repeated for a refused one. */
type Sent = InternalAxiosRequestConfig & { token?: string | undefined; repeated?: boolean };

/** A minute early, so that a token does not expire on its way. */
const EXPIRY_MARGIN_MS = 60_000;

/**
 * An axios instance for one connection: authorises each call, fetches tokens once for all callers,
 * repeats a call once when its token is refused, and throws HubErrors only.
 */
export function connectionHttp<C, S>(
  connector: Connector<C, S>,
  context: () => ConnectionContext<C, S>,
): AxiosInstance {
  const { http: profile } = connector;
  const state: TokenState = {};
  const plain = axios.create({
    validateStatus: () => true,
    maxRedirects: 0,
    timeout: profile.timeoutMs,
  });

  const fetchToken = profile.fetchToken?.bind(profile);
  const token = async (): Promise<string | undefined> => {
    if (fetchToken === undefined) return undefined;
    const now = context().now.getTime();
    if (state.token !== undefined && now < (state.expiresAt ?? Number.POSITIVE_INFINITY))
      return state.token;
    state.fetching ??= fetchToken(guarded(plain, connector), context())
      .then((fresh) => {
        state.token = fresh.token;
        if (fresh.expiresInMs === undefined) delete state.expiresAt;
        else state.expiresAt = context().now.getTime() + fresh.expiresInMs - EXPIRY_MARGIN_MS;
        return fresh.token;
      })
      .finally(() => {
        state.fetching = undefined;
      });
    return state.fetching;
  };

  const instance = axios.create({
    validateStatus: () => true,
    maxRedirects: 0,
    timeout: profile.timeoutMs,
  });
  instance.interceptors.request.use(async (request) => authorise(request, await token()));
  instance.interceptors.response.use(async (response) => {
    const sent: Sent = response.config;
    if (profile.tokenRefused?.(answerOf(response)) && sent.repeated !== true) {
      // Another caller may have fetched a fresh one since this call was sent.
      if (state.token === sent.token) delete state.token;
      return instance.request({ ...sent, repeated: true } as InternalAxiosRequestConfig);
    }
    return checked(connector, response);
  }, unreachable(connector));
  return instance;

  function authorise(request: Sent, fresh: string | undefined) {
    const current = context();
    request.token = fresh;
    request.baseURL ??= profile.baseUrl(current);
    for (const [name, value] of Object.entries(profile.headers(current, fresh)))
      request.headers.set(name, value);
    return request;
  }
}

/** The same guard for calls that carry no token yet: the token request itself. */
function guarded<C, S>(plain: AxiosInstance, connector: Connector<C, S>): AxiosInstance {
  const instance = axios.create(plain.defaults as object);
  instance.interceptors.response.use(
    (response) => checked(connector, response),
    unreachable(connector),
  );
  return instance;
}

function checked<C, S>(connector: Connector<C, S>, response: AxiosResponse): AxiosResponse {
  const failure = connector.http.failure(answerOf(response));
  if (failure !== undefined) throw failure;
  return response;
}

function answerOf(response: AxiosResponse): VendorAnswer {
  return {
    status: response.status,
    headers: response.headers as Record<string, string>,
    body: response.data,
  };
}

/** Before a connection stands nothing can have been written; after that nobody knows. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

function unreachable<C, S>(connector: Connector<C, S>) {
  return (error: unknown): never => {
    if (!axios.isAxiosError(error)) throw error;
    throw new HubError(
      'retry',
      'vendor_unreachable',
      `${connector.title} did not answer (${error.code ?? 'no code'}).`,
      {
        outcomeUnknown: !NEVER_SENT.has(error.code ?? ''),
      },
    );
  };
}
