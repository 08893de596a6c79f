import * as z from 'zod';
import { CanonicalEvent } from '#core/events.ts';
import { openHub } from '#platform/aws/hub.ts';
import { queueHandler } from '#platform/aws/queue-handler.ts';
import { dispatch } from '#workflows/dispatch.ts';

const hub = await openHub();

const News = z.object({
  detail: z.object({
    event: CanonicalEvent,
    personId: z.string().optional(),
    only: z.enum(['conversions', 'merge']).optional(),
  }),
});

/** News on the hub's bus: signals reach their hand-off, triggers start their workflows. */
export const handler = queueHandler(News, ({ detail }) => dispatch(hub, detail));
