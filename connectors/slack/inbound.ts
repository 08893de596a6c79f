import type { Delivery, Inbound, RawRequest } from '#connectors/kit/connector.ts';
import { HubError } from '#core/errors.ts';
import type { TranslatedEvent } from '#core/events.ts';
import {
  ACCEPT,
  DATE,
  handoffOf,
  NOTE,
  PAUSE,
  REJECT,
  readPause,
  readReason,
  SNOOZE,
  VETO,
} from './actions.ts';
import type { SlackContext, SlackCredentials, SlackSettings } from './credentials.ts';
import { opensDateForm } from './date-form.ts';
import { emailOf } from './directory.ts';
import { type Action, Click, Pressed, readPayload, Submission } from './payload.ts';
import { verifySlackV0 } from './signature.ts';

/** Clicks on the buttons of our messages, and the handshake of the Events API. */
export const inbound: Inbound<SlackCredentials, SlackSettings> = {
  verify(request, { credentials, settings, now }) {
    verifySlackV0(request, credentials.signingSecret, now);
    const payload = readPayload(request);
    const team = payload?.team?.id ?? payload?.team_id;
    // What can't be read says no team; `open` complains of it.
    if (payload === undefined || payload.type === 'url_verification') return;
    // In a channel that is shared between organisations others may press our buttons.
    const home = payload.user?.team_id ?? settings.teamId;
    if (team === settings.teamId && home === settings.teamId) return;
    throw new HubError(
      'auth',
      'slack_team_unknown',
      "The request comes from another workspace than the connection's setting teamId names.",
    );
  },

  open(request) {
    const payload = readPayload(request);
    if (payload === undefined) {
      throw new HubError(
        'data',
        'slack_payload_unreadable',
        'A signed request of Slack carries no payload that can be read.',
      );
    }
    if (payload.type === 'view_submission') return sentForm(request, payload);
    if (payload.type !== 'block_actions') return [];
    const click = Click.safeParse(payload);
    if (!click.success) return [];
    return click.data.actions.flatMap((action) => toDelivery(click.data, action));
  },

  acknowledge(request) {
    const payload = readPayload(request);
    // Saving the request URL of the Events API works only if this word comes back.
    if (payload?.type === 'url_verification') {
      const headers = { 'content-type': 'text/plain' };
      return { status: 200, headers, body: payload.challenge ?? '' };
    }
    // What came again is stored by now: there is no need to send it a third time.
    const isRepeat = request.headers['x-slack-retry-num'] !== undefined;
    return { status: 200, headers: isRepeat ? { 'x-slack-no-retry': '1' } : {}, body: '' };
  },

  async translate(delivery, context) {
    const pressed = Pressed.parse(delivery.body);
    const { trigger, handoffId, reason = '' } = pressed;
    // Where no form can be opened any more, the answer counts without a date.
    if (trigger !== undefined && (await opensDateForm(context, trigger, { handoffId, reason })))
      return [];
    return [await toEvent(pressed, delivery.dedupeKey, context)];
  },
};

function toDelivery({ team, user, container, trigger_id }: Click, action: Action): Delivery[] {
  const handoffId = action.value ?? handoffOf(action.block_id);
  const kind = Pressed.shape.action.safeParse(action.action_id).data;
  if (handoffId === undefined || kind === undefined) return [];
  return [
    {
      dedupeKey: [team.id, container.message_ts, action.action_id, action.action_ts].join(':'),
      group: `handoff:${handoffId}`,
      body: {
        handoffId,
        user: user.id,
        action: kind,
        at: action.action_ts,
        ...chosen(kind, action.selected_option?.value, trigger_id),
      } satisfies Pressed,
    },
  ];
}

/** What the option says that somebody chose. */
function chosen(
  action: Pressed['action'],
  value: string | undefined,
  trigger: string | undefined,
): Pick<Pressed, 'reason' | 'length' | 'trigger'> {
  if (value === undefined) return {};
  if (action === PAUSE) return readPause(value);
  const { reason, asksDate } = readReason(value);
  return { reason, ...(asksDate && trigger !== undefined ? { trigger } : {}) };
}

/** The form that asked when to talk again; an empty one gives the lead back without a date. */
function sentForm({ headers }: RawRequest, payload: unknown): Delivery[] {
  const sent = Submission.safeParse(payload);
  if (!sent.success) return [];
  const { team, user, view } = sent.data;
  const { handoffId, reason } = view.private_metadata;
  const { [DATE]: date, [NOTE]: note } = view.state.values;
  const fields = { date: date?.[DATE].selected_date, note: note?.[NOTE].value };
  const filled = Object.entries(fields).filter(([, value]) => value);
  return [
    {
      dedupeKey: [team.id, view.id].join(':'),
      group: `handoff:${handoffId}`,
      body: {
        ...{ handoffId, user: user.id, action: REJECT, reason },
        at: headers['x-slack-request-timestamp'] ?? '0',
        ...Object.fromEntries(filled),
      } satisfies Pressed,
    },
  ];
}

async function toEvent(
  pressed: Pressed,
  sourceId: string,
  context: SlackContext,
): Promise<TranslatedEvent> {
  const email = await emailOf(context, pressed.user);
  const signal = {
    at: new Date(Number(pressed.at) * 1000).toISOString(),
    sourceId,
    subject: { handoffId: pressed.handoffId },
    by: {
      external: { connection: context.connection, kind: 'user', id: pressed.user },
      ...(email === undefined ? {} : { email }),
    },
    via: 'slack' as const,
  };
  const { reason, length = '', note, date } = pressed;
  switch (pressed.action) {
    case ACCEPT:
      return { ...signal, type: 'handoff.accepted' };
    case SNOOZE:
      return { ...signal, type: 'handoff.snoozed', minutes: context.settings.snoozeMinutes };
    case PAUSE:
      return { ...signal, type: 'handoff.paused', reason: reason ?? '', length };
    case VETO:
      return { ...signal, type: 'handoff.vetoed' };
    case REJECT:
      return {
        ...{ ...signal, type: 'handoff.rejected', reason: reason ?? 'unspecified' },
        ...(note === undefined ? {} : { note }),
        ...(date === undefined ? {} : { namedDate: `${date}T00:00:00.000Z` }),
      };
  }
}
