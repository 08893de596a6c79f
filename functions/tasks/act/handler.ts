import { DeploymentRules, rulesOfRuns } from '#platform/aws/deployed-playbook.ts';
import { readEnv } from '#platform/aws/env.ts';
import { openHub } from '#platform/aws/hub.ts';
import { taskHandler } from '#platform/aws/task-handler.ts';
import { runStep } from '#workflows/run-step.ts';

const hub = await openHub();
const hubOf = rulesOfRuns(hub, readEnv(DeploymentRules));

/** Steps that write to vendors and send mail: the role permits secrets and SES as well. */
export const handler = taskHandler(async (call) => runStep(await hubOf(call), call));
