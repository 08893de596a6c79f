import * as z from 'zod';
import type { VendorAnswer } from '#connectors/kit/connector.ts';
import { type ErrorKind, HubError } from '#core/errors.ts';
import { BURST } from './limits.ts';

/** https://pipedrive.readme.io/docs/core-api-concepts-http-status-codes */
const ROWS: Readonly<Record<number, readonly [ErrorKind, string, string]>> = {
  400: ['data', 'pipedrive_input_refused', 'it finds the request unreadable'],
  401: ['auth', 'pipedrive_token_refused', 'store a fresh API token'],
  402: ['config', 'pipedrive_account_closed', 'the account is closed or not paid for'],
  403: ['config', 'pipedrive_permission_missing', "the token's user may not do this"],
  404: ['data', 'pipedrive_record_missing', 'the record is gone, or baseUrl is wrong'],
  405: ['config', 'pipedrive_path_unknown', 'check baseUrl'],
  410: ['data', 'pipedrive_record_missing', 'the record was deleted'],
  422: ['data', 'pipedrive_input_refused', 'it can not process the values'],
};

const FIELD = /field '?([0-9a-f]{40}|\w+)'? (?:does not exist|is not allowed)/i;
const Body = z.object({ error: z.string().optional(), error_info: z.string().optional() });

const BURST_MS = 2_000;
const HOUR_MS = 3_600_000;

/** The one place where an answer of Pipedrive gets its class; `undefined` means success. */
export function failure({ status, headers, body }: VendorAnswer): HubError | undefined {
  if (status < 300) return undefined;
  if (status === 429) return throttled(headers);
  if (status >= 500) {
    return new HubError('retry', 'pipedrive_down', `Pipedrive answered HTTP ${status}.`, {
      outcomeUnknown: true,
    });
  }
  const field = FIELD.exec(Body.safeParse(body).data?.error ?? '')?.[1];
  if (field !== undefined) {
    const said = `Pipedrive has no field ${field}: make it, or correct the setting.`;
    return new HubError('config', 'pipedrive_field_unknown', said);
  }
  const [kind, code, hint] = ROWS[status] ?? ['defect', 'pipedrive_unforeseen', 'look it up'];
  return new HubError(kind, code, `Pipedrive refused with HTTP ${status}: ${hint}.`);
}

/** Unverified: that the header of the day's tokens comes with a refusal, too. */
function throttled(headers: VendorAnswer['headers']): HubError {
  if (headers['x-daily-requests-left'] === '0') {
    return new HubError(
      'retry',
      'pipedrive_daily_budget_used_up',
      "The day's tokens are used up.",
      {
        retryAfterMs: HOUR_MS,
        limit: 'daily',
      },
    );
  }
  const seconds = Number(headers['retry-after'] ?? headers['x-ratelimit-reset']);
  const retryAfterMs = seconds > 0 ? seconds * 1000 : BURST_MS;
  const said = 'Pipedrive has had too many calls.';
  return new HubError('retry', 'pipedrive_throttled', said, { retryAfterMs, limit: BURST });
}
