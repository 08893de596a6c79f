import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { VERBS } from '#core/operations.ts';
import { renderMessage } from '../blocks.ts';
import type { SlackContext } from '../credentials.ts';
import { channelToPost, channelToRead } from '../directory.ts';

/** https://docs.slack.dev/reference/methods/chat.postMessage */
export const postMessage = defineOperation({
  summary: 'Posts a message with buttons to a channel or a person.',
  // Slack takes no idempotency key; ours travels in the metadata, where `find` looks for it.
  idempotent: false,
  ...VERBS['message.post'],

  async run(context: SlackContext, message) {
    const { data } = await context.http.post('/chat.postMessage', {
      channel: await channelToPost(context, message.to),
      ...renderMessage(message),
      metadata: {
        event_type: 'baton_message',
        event_payload: {
          key: context.key,
          ...(message.handoffId === undefined ? {} : { handoff_id: message.handoffId }),
        },
      },
      unfurl_links: false,
    });
    const { channel, ts } = Posted.parse(data);
    return { channel, message: ts };
  },

  /** https://docs.slack.dev/reference/methods/conversations.history */
  async find(context, message) {
    const channel = await channelToRead(context, message.to);
    const oldest = (context.now.getTime() - LOOK_BACK_MS) / 1000;
    let cursor = '';
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { data } = await context.http.get('/conversations.history', {
        params: {
          channel,
          oldest,
          limit: 200,
          include_all_metadata: true,
          ...(cursor === '' ? {} : { cursor }),
        },
      });
      const { messages, response_metadata } = History.parse(data);
      const same = messages.find((one) => one.metadata?.event_payload?.['key'] === context.key);
      if (same !== undefined) return { channel, message: same.ts };
      cursor = response_metadata?.next_cursor ?? '';
      if (cursor === '') return undefined;
    }
    return undefined;
  },
});

/** An effect whose answer was lost is tried again within hours, never days. */
const LOOK_BACK_MS = 24 * 3_600_000;
/** A thousand messages: beyond that the method's own limit costs more than a second message. */
const MOST_PAGES = 5;

const Posted = z.object({ channel: z.string(), ts: z.string() });
const History = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      metadata: z
        .object({ event_payload: z.record(z.string(), z.unknown()).optional() })
        .optional(),
    }),
  ),
  response_metadata: z.object({ next_cursor: z.string().optional() }).nullish(),
});
