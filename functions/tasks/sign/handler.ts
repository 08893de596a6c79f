import { signAsAsked } from '#core/agreement/sign-request.ts';
import { openDoor } from '#platform/aws/hub.ts';
import { taskHandler } from '#platform/aws/task-handler.ts';

const door = openDoor();

/** Ops call it by hand: who may do so may sign in the name that they give. */
export const handler = taskHandler((asked) => signAsAsked(door, asked));
