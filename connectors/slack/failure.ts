import * as z from 'zod';
import type { VendorAnswer } from '#connectors/kit/connector.ts';
import { type ErrorKind, HubError } from '#core/errors.ts';
import { limitedMethod } from './limits.ts';

/** Slack says in seconds how long a method rests; where it forgets to, half a minute. */
const REST_FALLBACK_SECONDS = 30;

interface Row {
  readonly kind: ErrorKind;
  readonly hint: string;
  readonly outcomeUnknown?: boolean;
}

const row = (kind: ErrorKind, hint: string): Row => ({ kind, hint });
const uncertain: Row = { kind: 'retry', hint: 'a passing error on its side', outcomeUnknown: true };

/** https://docs.slack.dev/reference/methods/chat.postMessage#errors and its neighbours. */
const ROWS: Readonly<Record<string, Row>> = {
  ratelimited: row('retry', 'too many calls'),
  rate_limited: row('retry', 'too many calls'),
  internal_error: uncertain,
  fatal_error: uncertain,
  request_timeout: uncertain,
  service_unavailable: uncertain,
  invalid_auth: row('auth', 'reinstall the app and store its new bot token'),
  not_authed: row('auth', 'the bot token is missing'),
  token_revoked: row('auth', 'reinstall the app and store its new bot token'),
  token_expired: row('auth', 'store a fresh bot token'),
  account_inactive: row('auth', 'the bot or its workspace is switched off'),
  missing_scope: row('config', 'add the scope to the app and reinstall it'),
  no_permission: row('config', 'the app lacks a permission'),
  channel_not_found: row('config', 'correct the channel in the playbook, or invite the app to it'),
  not_in_channel: row('config', 'invite the app to the channel'),
  is_archived: row('config', 'the channel is archived: name another in the playbook'),
  restricted_action: row('config', "the workspace's rules keep the app from posting there"),
  users_not_found: row('config', 'nobody in the workspace has this e-mail address'),
  user_not_found: row('config', 'the workspace has no such member'),
  channel_is_archived: row('config', 'the channel is archived: name another in the playbook'),
  no_active_hooks: row('config', 'the incoming webhook is switched off: make a new one'),
  no_service: row('config', 'the incoming webhook is gone: make a new one'),
  action_prohibited: row('config', "the workspace's rules keep the app from posting there"),
  posting_to_general_channel_denied: row('config', 'nobody may post to that channel: use another'),
  expired_url: row('data', 'the time to answer this click is over'),
  used_url: row('data', 'this click was answered as often as Slack takes it'),
  invalid_payload: row('data', 'the message has a shape it cannot read'),
  msg_too_long: row('data', 'the message is too long'),
  no_text: row('data', 'the message is empty'),
  invalid_blocks: row('data', 'the message has blocks it cannot show'),
  message_not_found: row('data', 'the message is gone'),
  cant_update_message: row('data', 'the message is not its own'),
  expired_trigger_id: row('data', 'the time to open a form for this click is over'),
  exchanged_trigger_id: row('data', 'a form was opened for this click already'),
  edit_window_closed: row('data', 'the message is too old to change'),
};

const Word = z
  .string()
  .max(60)
  .transform((text) => text.trim());
const LogicalError = z.object({ ok: z.literal(false), error: z.string() });

/**
 * Slack answers most errors with HTTP 200 and `ok: false`; addresses that were made for one answer
 * or one channel say theirs as a bare word. What is limited is one method of the workspace.
 */
export function failure(answer: VendorAnswer): HubError | undefined {
  const { status } = answer;
  const method = limitedMethod(answer.path);
  const rest = {
    retryAfterMs: restMs(answer.headers),
    ...(method === undefined ? {} : { limit: method }),
  };
  if (status === 429) {
    const what = method ?? 'this method';
    return new HubError(
      'retry',
      'slack_ratelimited',
      `Slack has had too many calls of ${what}.`,
      rest,
    );
  }
  if (status >= 500) {
    return new HubError('retry', 'slack_unavailable', `Slack answered HTTP ${status}.`, {
      outcomeUnknown: true,
    });
  }
  const error = LogicalError.safeParse(answer.body).data?.error;
  if (error !== undefined) return logicalError(error, rest);
  if (status < 300) return undefined;
  const word = Word.safeParse(answer.body).data;
  if (word !== undefined && ROWS[word] !== undefined) return logicalError(word, rest);
  if (status === 401 || status === 403) {
    const said = `Slack answered HTTP ${status}: store the app's bot token anew.`;
    return new HubError('auth', 'slack_token_refused', said);
  }
  return new HubError(
    'config',
    'slack_path_unknown',
    `Slack answered HTTP ${status}: check baseUrl.`,
  );
}

function logicalError(error: string, rest: { retryAfterMs: number; limit?: string }): HubError {
  const known = ROWS[error];
  if (known === undefined) {
    // The word is Slack's own and carries nothing of ours, but its length is not ours to trust.
    const word = error.replace(/[^a-z_]/g, '').slice(0, 60);
    return new HubError(
      'defect',
      'slack_error_unforeseen',
      `Slack refused with '${word}', which nobody foresaw: look it up in the method's documentation.`,
    );
  }
  return new HubError(
    known.kind,
    `slack_${error}`,
    `Slack refused with '${error}': ${known.hint}.`,
    {
      ...(error.startsWith('rate') ? rest : {}),
      outcomeUnknown: known.outcomeUnknown ?? false,
    },
  );
}

function restMs(headers: VendorAnswer['headers']): number {
  const seconds = Number(headers['retry-after']);
  return 1000 * (Number.isFinite(seconds) && seconds > 0 ? seconds : REST_FALLBACK_SECONDS);
}
