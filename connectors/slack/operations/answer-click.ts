import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { HubError } from '#core/errors.ts';
import { renderMessage } from '../blocks.ts';
import type { SlackContext } from '../credentials.ts';

/**
 * https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 * Idempotent: the same text in the same place. Slack takes five answers within half an hour.
 */
export const answerClick = defineOperation({
  summary:
    'Replaces the message in which somebody pressed a button, by the address that the click brought.',
  idempotent: true,
  input: z.strictObject({ responseUrl: z.url(), title: z.string(), lines: z.array(z.string()) }),
  output: z.strictObject({}),

  async run({ http, settings }: SlackContext, { responseUrl, title, lines }) {
    requireSlack(responseUrl, settings.baseUrl);
    const body = { replace_original: true, ...renderMessage({ title, lines }) };
    await http.post(responseUrl, body);
    return {};
  },
});

/** The bot token goes along with every call, so that no other host may get one. */
function requireSlack(address: string, baseUrl: string): void {
  const { origin } = new URL(address);
  if (origin === 'https://hooks.slack.com' || origin === new URL(baseUrl).origin) return;
  throw new HubError('data', 'slack_address_foreign', 'The address of an answer is not of Slack.');
}
