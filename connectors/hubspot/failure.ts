import * as z from 'zod';
import type { VendorAnswer } from '#connectors/kit/connector.ts';
import { HubError } from '#core/errors.ts';
import { ROLLING, SEARCH, untilMidnight } from './limits.ts';
import type { HubspotSettings } from './settings.ts';

const Names = z.record(z.string(), z.array(z.string())).optional().catch(undefined);

/** What HubSpot says of a failure; every member may be missing. */
const ErrorBody = z.object({
  message: z.string().optional().catch(undefined),
  category: z.string().optional().catch(undefined),
  policyName: z.string().optional().catch(undefined),
  correlationId: z.string().optional().catch(undefined),
  context: Names,
  errors: z
    .array(z.object({ code: z.string().optional().catch(undefined), context: Names }))
    .optional()
    .catch(undefined),
});
type ErrorBody = z.infer<typeof ErrorBody>;

/** When and where an answer came, for waits that depend on it. */
interface Moment {
  readonly settings: Pick<HubspotSettings, 'timeZone'>;
  readonly now: Date;
}

const SECOND_MS = 1_000;
const LOCK_MS = 2 * SECOND_MS;
const DOWN_MS = 5 * SECOND_MS;
const HOUR_MS = 60 * 60 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;

/** Validation codes that no other record would pass either: a property or an option is missing. */
const SETUP_CODES = new Set(['PROPERTY_DOESNT_EXIST', 'INVALID_OPTION']);

/**
 * Classes an answer of HubSpot; `undefined` means success (a 207 succeeds, its parts may not).
 * With `moment` the wait for the daily limit ends at the account's midnight, else it is an hour.
 */
export function hubspotFailure(answer: VendorAnswer, moment?: Moment): HubError | undefined {
  if (answer.status < 300) return undefined;
  const body = ErrorBody.safeParse(answer.body).data ?? {};
  const said = { ...answer, body, moment, request: requestOf(body) };
  return CLASSES[answer.status]?.(said) ?? unforeseen(said);
}

interface Said extends VendorAnswer {
  readonly body: ErrorBody;
  readonly moment: Moment | undefined;
  /** HubSpot's own number of the request, for its support. */
  readonly request: string;
}

const CLASSES: Record<number, (said: Said) => HubError> = {
  400: refused,
  401: ({ request }) =>
    new HubError(
      'auth',
      'hubspot_credentials_refused',
      `HubSpot refused the token: renew it in the connection's credentials.${request}`,
    ),
  403: forbidden,
  404: ({ request }) =>
    new HubError('data', 'hubspot_record_not_found', `HubSpot has no such record.${request}`),
  409: exists,
  414: ({ request }) =>
    new HubError(
      'data',
      'hubspot_record_refused',
      `HubSpot takes no more of this (414): the address is too long, or the record was merged too often.${request}`,
    ),
  423: (said) =>
    retry('hubspot_record_locked', `HubSpot has locked the record for a moment.${said.request}`, {
      retryAfterMs: Math.max(LOCK_MS, secondsOf(said) ?? 0),
    }),
  429: limited,
  477: (said) =>
    retry('hubspot_moving', `HubSpot moves the account to another data centre.${said.request}`, {
      retryAfterMs: Math.min(DAY_MS, secondsOf(said) ?? HOUR_MS),
    }),
};

function refused({ body, request }: Said): HubError {
  const errors = body.errors ?? [];
  const codes = errors.flatMap(({ code }) => (code === undefined ? [] : [code]));
  const properties = errors.flatMap(({ context }) => context?.['propertyName'] ?? []);
  const named = [...new Set([...codes, ...properties])].filter(isName);
  const why = named.length > 0 ? named.join(', ') : (body.category ?? 'no category');
  const kind = codes.some((code) => SETUP_CODES.has(code)) ? 'config' : 'data';
  return new HubError(
    kind,
    'hubspot_record_refused',
    `HubSpot refused the values (${why}).${request}`,
  );
}

function forbidden({ body, request }: Said): HubError {
  const contexts = [body.context, ...(body.errors ?? []).map(({ context }) => context)];
  const scopes = contexts
    .flatMap((context) => [
      ...(context?.['requiredGranularScopes'] ?? []),
      ...(context?.['missingScopes'] ?? []),
    ])
    .filter(isName);
  const missing = scopes.length > 0 ? `the scope ${scopes.join(', ')}` : 'the missing scope';
  return new HubError(
    'config',
    'hubspot_permission_missing',
    `HubSpot forbids the call (${body.category ?? 'no category'}): add ${missing} to the app.${request}`,
  );
}

/** The message is the only place where HubSpot names the record that was first. */
function exists({ body, request }: Said): HubError {
  const existingId = /Existing ID: (\d+)/.exec(body.message ?? '')?.[1];
  return new HubError(
    'conflict',
    'hubspot_record_exists',
    `HubSpot already has this record.${request}`,
    existingId === undefined ? {} : { existingId },
  );
}

/** HubSpot documents no Retry-After here: its windows are a second, ten seconds and the day. */
function limited({ body, moment, request }: Said): HubError {
  const policy = body.policyName ?? ROLLING;
  const message = `HubSpot's rate limit is reached (${isName(policy) ? policy : 'no policy named'}).${request}`;
  if (policy === 'DAILY') {
    const wait = moment && untilMidnight(moment.settings.timeZone, moment.now);
    return retry('hubspot_rate_limited', message, {
      retryAfterMs: wait ?? HOUR_MS,
      limit: 'daily',
    });
  }
  return policy === SEARCH
    ? retry('hubspot_rate_limited', message, { retryAfterMs: SECOND_MS, limit: SEARCH })
    : retry('hubspot_rate_limited', message, { retryAfterMs: 10 * SECOND_MS, limit: ROLLING });
}

function retry(
  code: string,
  message: string,
  details: { retryAfterMs: number; limit?: string; outcomeUnknown?: boolean },
): HubError {
  return new HubError('retry', code, message, details);
}

function unforeseen(said: Said): HubError {
  const { status, request } = said;
  if (status >= 500) {
    return retry('hubspot_down', `HubSpot is down (${status}).${request}`, {
      retryAfterMs: secondsOf(said) ?? DOWN_MS,
      outcomeUnknown: true,
    });
  }
  return new HubError(
    'defect',
    'hubspot_answer_unforeseen',
    `HubSpot answered ${status}.${request}`,
  );
}

function requestOf({ correlationId }: ErrorBody): string {
  const isId = correlationId !== undefined && /^[\w-]{1,64}$/.test(correlationId);
  return isId ? ` Its correlation id is ${correlationId}.` : '';
}

/** Names of properties, codes and scopes: never a value that somebody typed. */
function isName(text: string): boolean {
  return /^[\w.-]{1,100}$/.test(text);
}

function secondsOf({ headers }: VendorAnswer): number | undefined {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * SECOND_MS : undefined;
}
