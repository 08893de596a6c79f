import * as z from 'zod';
import { readEnv } from '#platform/aws/env.ts';
import { openDoor } from '#platform/aws/hub.ts';
import { queueHandler } from '#platform/aws/queue-handler.ts';
import { receiveFromBus } from '#platform/aws/receive-from-bus.ts';

const door = openDoor();
const { CONNECTION: connection } = readEnv(z.object({ CONNECTION: z.string() }));

/** A change that Salesforce sends over its partner event bus. */
export const handler = queueHandler(z.looseObject({}), (event) =>
  receiveFromBus(door, { vendor: 'salesforce', connection }, event),
);
