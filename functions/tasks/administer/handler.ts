import { administer } from '#core/administer/administer.ts';
import { openHub } from '#platform/aws/hub.ts';
import { taskHandler } from '#platform/aws/task-handler.ts';

const hub = await openHub();

/** Ops call it by hand: looks leads up, changes clocks, gives leads back, merges people. */
export const handler = taskHandler((asked) => administer(hub, asked));
