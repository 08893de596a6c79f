import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import type { VendorAnswer } from '#connectors/kit/connector.ts';
import { type ErrorKind, HubError } from '#core/errors.ts';
import { meaningOfCode } from './codes.ts';

/** Warnings carry numbers where errors carry texts; either is read. */
const Code = z.union([z.string(), z.number()]).transform(String);

const Refusal = z.object({
  success: z.literal(false),
  errors: z.array(z.object({ code: Code })).min(1),
});

/** The first error code of an answer on the response level: HTTP 200 with `success: false`. */
export function responseCode(answer: Pick<VendorAnswer, 'body'>): string | undefined {
  return Refusal.safeParse(answer.body).data?.errors[0]?.code;
}

const ADVICE: Readonly<Record<number, readonly [ErrorKind, string, string]>> = {
  401: [
    'auth',
    'marketo_client_refused',
    "compare client id and secret in the connection's credentials with LaunchPoint",
  ],
  403: [
    'auth',
    'marketo_client_refused',
    "compare client id and secret in the connection's credentials with LaunchPoint",
  ],
  413: ['data', 'marketo_too_large', 'the body has more than a million bytes'],
  414: ['data', 'marketo_uri_too_long', 'the address has more than 8 KB'],
};

/**
 * The first two of Marketo's three levels of errors: HTTP, and `success: false` within a 200. The
 * third, single records of an answer that went through, is `recordError`'s.
 */
export function failure(answer: VendorAnswer): HubError | undefined {
  const { status } = answer;
  if (status >= 500 || status === 429) {
    return new HubError('retry', 'marketo_unavailable', `Marketo answered HTTP ${status}.`, {
      outcomeUnknown: status >= 500,
    });
  }
  if (status >= 300) {
    const [kind, code, advice] = ADVICE[status] ?? [
      'config',
      'marketo_path_unknown',
      'check restUrl',
    ];
    return new HubError(kind, code, `Marketo answered HTTP ${status}: ${advice}.`);
  }
  const code = responseCode(answer);
  // 702 says "no data found", which is an empty answer and no failure.
  if (code === undefined || code === '702') return undefined;
  const rest = code === '607' ? { retryAfterMs: untilQuotaResets(answer.headers) } : {};
  return toError(code, 'defect', rest, requestOf(answer.body));
}

/** The error for a record that was skipped while the rest of the call went through. */
export function recordError(reasons: readonly { code: string | number }[] | undefined): HubError {
  return toError(String(reasons?.[0]?.code ?? 'none'), 'data', {}, '');
}

function toError(
  code: string,
  otherwise: ErrorKind,
  rest: { retryAfterMs?: number },
  request: string,
): HubError {
  const meaning = meaningOfCode(code, otherwise);
  return new HubError(
    meaning.kind,
    meaning.code,
    `Marketo refused with error ${code}${request}: ${meaning.hint}.`,
    { ...meaning, ...rest },
  );
}

const Requested = z.object({ requestId: z.string().regex(/^[\w#:.-]{1,64}$/) });

/** By this id Marketo's support finds a call. */
function requestOf(body: unknown): string {
  const id = Requested.safeParse(body).data?.requestId;
  return id === undefined ? '' : ` (request ${id})`;
}

const QUOTA_FALLBACK_MS = 3_600_000;

/** In US Central time the daily quota begins anew at midnight. */
export const QUOTA_ZONE = 'America/Chicago';

/** By Marketo's own clock, from the answer's Date header. */
function untilQuotaResets(headers: VendorAnswer['headers']): number {
  const answered = Date.parse(headers['date'] ?? '');
  if (Number.isNaN(answered)) return QUOTA_FALLBACK_MS;
  const local = Temporal.Instant.fromEpochMilliseconds(answered).toZonedDateTimeISO(QUOTA_ZONE);
  return local.startOfDay().add({ days: 1 }).epochMilliseconds - answered;
}
