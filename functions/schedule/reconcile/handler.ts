import * as z from 'zod';
import { pollWhenDue } from '#connectors/kit/reconcile.ts';
import { openAsking } from '#platform/aws/hub.ts';
import { queueHandler } from '#platform/aws/queue-handler.ts';

const asking = openAsking();

const Turn = z.strictObject({ connection: z.string(), stream: z.string() });

/** It is the turn of a stream: asks for what its connection's webhooks lost. */
export const handler = queueHandler(Turn, (of) => pollWhenDue(asking, of));
