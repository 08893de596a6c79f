import { hubspot } from './hubspot/connector.ts';
import type { Connector } from './kit/connector.ts';
import { marketo } from './marketo/connector.ts';
import { peopleDataLabs } from './people-data-labs/connector.ts';
import { salesforce } from './salesforce/connector.ts';
import { segment } from './segment/connector.ts';
import { slack } from './slack/connector.ts';

/** Every vendor the hub knows, by the name that connections use; a new one is a line here. */
export const connectors: Readonly<Record<string, Connector>> = {
  hubspot,
  marketo,
  'people-data-labs': peopleDataLabs,
  salesforce,
  segment,
  slack,
};
