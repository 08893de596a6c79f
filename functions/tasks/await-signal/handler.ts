import { openHub } from '#platform/aws/hub.ts';
import { taskHandler } from '#platform/aws/task-handler.ts';
import { awaitSignal } from '#workflows/await-signal.ts';

const hub = await openHub();

/** Registers a waiting run's token with its hand-off. */
export const handler = taskHandler((call) => awaitSignal(hub, call));
