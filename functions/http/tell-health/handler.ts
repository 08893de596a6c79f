import { httpHandler } from '#platform/aws/http-handler.ts';

/** `GET /health`: that the hub's address leads somewhere. What is wrong inside, the alarms say. */
export const handler = httpHandler(async () => ({
  status: 200,
  headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
  body: JSON.stringify({ status: 'up' }),
}));
