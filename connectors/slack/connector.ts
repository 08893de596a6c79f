import { defineConnector } from '#connectors/kit/connector.ts';
import { SlackCredentials, SlackSettings } from './credentials.ts';
import { examination } from './examination.ts';
import { failure } from './failure.ts';
import { inbound } from './inbound.ts';
import { limitsOf } from './limits.ts';
import { answerClick } from './operations/answer-click.ts';
import { postMessage } from './operations/post-message.ts';
import { updateMessage } from './operations/update-message.ts';

/** Slack: where a salesperson reads the briefing and presses a button. */
export const slack = defineConnector({
  id: 'slack',
  title: 'Slack',
  docs: 'https://docs.slack.dev/apis/web-api/',
  credentials: SlackCredentials,
  settings: SlackSettings,

  http: {
    baseUrl: ({ settings }) => settings.baseUrl,
    timeoutMs: 10_000,
    headers: ({ credentials }) => ({
      authorization: `Bearer ${credentials.botToken}`,
      'content-type': 'application/json; charset=utf-8',
    }),
    failure,
  },

  limits: limitsOf,
  inbound,
  examination,

  operations: {
    'message.post': postMessage,
    'message.update': updateMessage,
    'message.answer': answerClick,
  },
});
