import * as z from 'zod';
import { bringInDeployed, DeploymentRules } from '#platform/aws/deployed-playbook.ts';
import { readEnv } from '#platform/aws/env.ts';
import { openHub } from '#platform/aws/hub.ts';
import { queueHandler } from '#platform/aws/queue-handler.ts';

const hub = await openHub();
const rules = readEnv(DeploymentRules);

/** Every few minutes: notes which playbook is deployed, and moves clocks where it is a new one. */
export const handler = queueHandler(z.object({}), async () => {
  const clocksMoved = await bringInDeployed(hub, rules);
  if (clocksMoved > 0) console.info({ message: 'Clocks follow the new playbook.', clocksMoved });
});
