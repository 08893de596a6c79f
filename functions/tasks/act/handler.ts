import { openHub } from '#platform/aws/hub.ts';
import { taskHandler } from '#platform/aws/task-handler.ts';
import { runStep } from '#workflows/run-step.ts';

const hub = await openHub();

/** Steps that write to vendors and send mail: the role permits secrets and SES as well. */
export const handler = taskHandler((call) => runStep(hub, call));
