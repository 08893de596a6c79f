import * as z from 'zod';
import { readEnv } from '#platform/aws/env.ts';
import { openDoor } from '#platform/aws/hub.ts';
import { queueHandler } from '#platform/aws/queue-handler.ts';
import { receiveFromBus } from '#platform/aws/receive-from-bus.ts';

const door = openDoor();
const { FEEDBACK_CONNECTION: connection } = readEnv(z.object({ FEEDBACK_CONNECTION: z.string() }));

/** What SES tells of a mail over the account's own event bus. */
export const handler = queueHandler(z.looseObject({}), (event) =>
  receiveFromBus(door, { vendor: 'ses', connection }, event),
);
