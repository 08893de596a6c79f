import { openHub } from '#platform/aws/hub.ts';
import { taskHandler } from '#platform/aws/task-handler.ts';
import { runStep } from '#workflows/run-step.ts';

const hub = await openHub();

/** Steps that read and write the hub's own records: the role permits nothing else. */
export const handler = taskHandler((call) => runStep(hub, call));
