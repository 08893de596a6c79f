import * as z from 'zod';
import type { VendorAnswer } from '#connectors/kit/connector.ts';
import { HubError } from '#core/errors.ts';

/** What HubSpot says of a failure; every member may be missing. */
const ErrorBody = z.object({
  message: z.string().optional(),
  category: z.string().optional(),
  policyName: z.string().optional(),
  errors: z.array(z.object({ code: z.string().optional() })).optional(),
});
type ErrorBody = z.infer<typeof ErrorBody>;

const SECOND_MS = 1_000;
/** HubSpot documents no Retry-After: its windows are a second, ten seconds and the day. */
const WAIT_MS: Record<string, number> = {
  SECONDLY: SECOND_MS,
  TEN_SECONDLY_ROLLING: 10 * SECOND_MS,
  // The day ends at midnight of the account's time zone, which the answer does not tell.
  DAILY: 60 * 60 * SECOND_MS,
};
const LOCK_MS = 2 * SECOND_MS;
/** A move between data centres takes up to a day and says for how long. */
const MOVE_MS = 60 * 60 * SECOND_MS;

/** Validation codes that no other record would pass either: a property or an option is missing. */
const SETUP_CODES = new Set(['PROPERTY_DOESNT_EXIST', 'INVALID_OPTION']);

/** Classes an answer of HubSpot; `undefined` means success (a 207 succeeds, its parts may not). */
export function hubspotFailure(answer: VendorAnswer): HubError | undefined {
  if (answer.status < 300) return undefined;
  const body = ErrorBody.safeParse(answer.body).data ?? {};
  return CLASSES[answer.status]?.(answer, body) ?? unforeseen(answer);
}

type Class = (answer: VendorAnswer, body: ErrorBody) => HubError;

const CLASSES: Record<number, Class> = {
  400: (_, body) => refused(body),
  401: () =>
    new HubError(
      'auth',
      'hubspot_credentials_refused',
      "HubSpot refused the token: renew it in the connection's credentials.",
    ),
  403: (_, body) =>
    new HubError(
      'config',
      'hubspot_permission_missing',
      `HubSpot forbids the call (${body.category ?? 'no category'}): add the missing scope to the app.`,
    ),
  404: () => new HubError('data', 'hubspot_record_not_found', 'HubSpot has no such record.'),
  409: (_, body) => exists(body),
  414: () =>
    new HubError(
      'data',
      'hubspot_record_refused',
      'HubSpot takes no more of this (414): merged too often.',
    ),
  423: () => retry('hubspot_record_locked', 'HubSpot has locked the record for a moment.', LOCK_MS),
  429: (_, body) =>
    retry(
      'hubspot_rate_limited',
      `HubSpot's rate limit is reached (${body.policyName ?? 'no policy named'}).`,
      WAIT_MS[body.policyName ?? ''] ?? WAIT_MS['TEN_SECONDLY_ROLLING'] ?? SECOND_MS,
    ),
  477: (answer) =>
    retry(
      'hubspot_moving',
      'HubSpot moves the account to another data centre.',
      secondsOf(answer) ?? MOVE_MS,
    ),
};

function refused(body: ErrorBody): HubError {
  const codes = (body.errors ?? []).flatMap(({ code }) => (code === undefined ? [] : [code]));
  const said = codes.length > 0 ? codes.join(', ') : (body.category ?? 'no category');
  const kind = codes.some((code) => SETUP_CODES.has(code)) ? 'config' : 'data';
  return new HubError(kind, 'hubspot_record_refused', `HubSpot refused the values (${said}).`);
}

/** The message is the only place where HubSpot names the record that was first. */
function exists(body: ErrorBody): HubError {
  const existingId = /Existing ID: (\d+)/.exec(body.message ?? '')?.[1];
  return new HubError(
    'conflict',
    'hubspot_record_exists',
    'HubSpot already has this record.',
    existingId === undefined ? {} : { existingId },
  );
}

function retry(code: string, message: string, retryAfterMs: number): HubError {
  return new HubError('retry', code, message, { retryAfterMs });
}

function unforeseen(answer: VendorAnswer): HubError {
  if (answer.status >= 500) {
    return new HubError('retry', 'hubspot_down', `HubSpot is down (${answer.status}).`, {
      outcomeUnknown: true,
      ...knownWait(answer),
    });
  }
  return new HubError('defect', 'hubspot_answer_unforeseen', `HubSpot answered ${answer.status}.`);
}

function knownWait(answer: VendorAnswer): { retryAfterMs?: number } {
  const retryAfterMs = secondsOf(answer);
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}

function secondsOf(answer: VendorAnswer): number | undefined {
  const seconds = Number(answer.headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * SECOND_MS : undefined;
}
