import * as z from 'zod';
import type { Delivery, Inbound, RawRequest } from '#connectors/kit/connector.ts';
import { HubError } from '#core/errors.ts';
import type { TranslatedEvent } from '#core/events.ts';
import { ACCEPT, handoffOf, REJECT, SNOOZE } from './actions.ts';
import type { SlackContext, SlackCredentials, SlackSettings } from './credentials.ts';
import { emailOf } from './directory.ts';
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
    return [await toEvent(Pressed.parse(delivery.body), delivery.dedupeKey, context)];
  },
};

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
function toDelivery({ team, user, container }: Click, action: Action): Delivery[] {
  const handoffId = action.value ?? handoffOf(action.block_id);
  if (handoffId === undefined || ![ACCEPT, SNOOZE, REJECT].includes(action.action_id)) return [];
  const reason = action.selected_option?.value;
  return [
    {
      dedupeKey: [team.id, container.message_ts, action.action_id, action.action_ts].join(':'),
      group: `handoff:${handoffId}`,
      body: {
        handoffId,
        user: user.id,
        action: action.action_id,
        at: action.action_ts,
        ...(reason === undefined ? {} : { reason }),
      },
    },
  ];
}

async function toEvent(
  pressed: z.infer<typeof Pressed>,
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
  switch (pressed.action) {
    case ACCEPT:
      return { ...signal, type: 'handoff.accepted' };
    case SNOOZE:
      return { ...signal, type: 'handoff.snoozed', minutes: context.settings.snoozeMinutes };
    case REJECT:
      return { ...signal, type: 'handoff.rejected', reason: pressed.reason ?? 'unspecified' };
  }
}

/** Interactivity sends a form with one field; the Events API sends JSON. */
function readPayload(request: RawRequest): Payload | undefined {
  const text = Buffer.from(request.body).toString('utf8');
  try {
    const json = text.startsWith('{') ? text : (new URLSearchParams(text).get('payload') ?? '');
    return Payload.parse(JSON.parse(json));
  } catch {
    return undefined;
  }
}

const Payload = z.looseObject({
  type: z.string(),
  team: z.object({ id: z.string() }).nullish(),
  team_id: z.string().optional(),
  user: z.looseObject({ team_id: z.string().optional() }).optional(),
  challenge: z.string().optional(),
});
type Payload = z.infer<typeof Payload>;

const Action = z.object({
  action_id: z.string(),
  block_id: z.string(),
  action_ts: z.string(),
  value: z.string().optional(),
  selected_option: z.object({ value: z.string() }).nullish(),
});
type Action = z.infer<typeof Action>;

const Click = z.object({
  team: z.object({ id: z.string() }),
  user: z.object({ id: z.string() }),
  container: z.object({ message_ts: z.string() }),
  actions: z.array(Action),
});
type Click = z.infer<typeof Click>;

const Pressed = z.strictObject({
  handoffId: z.string(),
  user: z.string(),
  action: z.enum([ACCEPT, SNOOZE, REJECT]),
  at: z.string(),
  reason: z.string().optional(),
});
