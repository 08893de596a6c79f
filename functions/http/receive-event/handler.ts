import { receive } from '#connectors/kit/receive.ts';
import { httpHandler } from '#platform/aws/http-handler.ts';
import { openDoor } from '#platform/aws/hub.ts';

const door = openDoor();

/** `POST /in/{vendor}/{connection}` and the tracking API: stores what a vendor tells. */
export const handler = httpHandler(
  ({ parameters, ...request }) => receive(door, parameters, request),
  door.publicUrl,
);
