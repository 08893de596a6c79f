import { sendTracker } from '#connectors/kit/tracker/send-tracker.ts';
import { httpHandler } from '#platform/aws/http-handler.ts';

/** `GET /v1/baton.js`: the script for websites. */
export const handler = httpHandler(async (request) => sendTracker(request));
