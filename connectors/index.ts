import { apollo } from './apollo/connector.ts';
import { ga4 } from './ga4/connector.ts';
import { hubspot } from './hubspot/connector.ts';
import { jitsu } from './jitsu/connector.ts';
import type { Connector } from './kit/connector.ts';
import { marketo } from './marketo/connector.ts';
import { peopleDataLabs } from './people-data-labs/connector.ts';
import { pipedrive } from './pipedrive/connector.ts';
import { posthog } from './posthog/connector.ts';
import { rudderstack } from './rudderstack/connector.ts';
import { salesforce } from './salesforce/connector.ts';
import { segment } from './segment/connector.ts';
import { ses } from './ses/connector.ts';
import { slack } from './slack/connector.ts';
import { snowplow } from './snowplow/connector.ts';

/** Every vendor the hub knows, by the name that connections use; a new one is a line here. */
export const connectors: Readonly<Record<string, Connector>> = {
  apollo,
  ga4,
  hubspot,
  jitsu,
  marketo,
  'people-data-labs': peopleDataLabs,
  pipedrive,
  posthog,
  rudderstack,
  salesforce,
  segment,
  ses,
  slack,
  snowplow,
};
