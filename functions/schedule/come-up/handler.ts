import * as z from 'zod';
import { comeUpAll } from '#core/nurture/come-up.ts';
import { openHub } from '#platform/aws/hub.ts';
import { queueHandler } from '#platform/aws/queue-handler.ts';

const hub = await openHub();

/** Every quarter of an hour: people in nurture whose time has come. */
export const handler = queueHandler(z.object({}), () => comeUpAll(hub));
