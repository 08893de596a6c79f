import { defineOperation } from '#connectors/kit/connector.ts';
import { VERBS } from '#core/operations.ts';
import { renderMessage } from '../blocks.ts';
import type { SlackContext } from '../credentials.ts';

/** https://docs.slack.dev/reference/methods/chat.update */
export const updateMessage = defineOperation({
  summary: "Replaces a message's text and takes its buttons away.",
  idempotent: true,
  ...VERBS['message.update'],

  async run({ http }: SlackContext, { channel, message, title, lines }) {
    await http.post('/chat.update', { channel, ts: message, ...renderMessage({ title, lines }) });
    return {};
  },
});
