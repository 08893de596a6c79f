import { defineConnector } from '#connectors/kit/connector.ts';
import { SesCredentials, SesSettings } from './credentials.ts';
import { inbound } from './inbound.ts';

/** Amazon SES: what became of the mails that the hub sent. It is never called as a connection. */
export const ses = defineConnector({
  id: 'ses',
  title: 'Amazon SES',
  docs: 'https://docs.aws.amazon.com/ses/latest/dg/monitor-using-event-publishing.html',
  credentials: SesCredentials,
  settings: SesSettings,

  http: {
    baseUrl: () => 'https://email.amazonaws.com',
    timeoutMs: 10_000,
    headers: () => ({}),
    failure: () => undefined,
  },

  inbound,
  operations: {},
});
