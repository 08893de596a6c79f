import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';

/** Ends the connection of a call instead of answering it: whoever called can't know what became of it. */
export function hangUp(context: Context): Response {
  const { incoming } = context.env as { incoming?: IncomingMessage };
  incoming?.socket.destroy();
  return context.body(null, 502);
}
