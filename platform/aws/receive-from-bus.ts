import * as z from 'zod';
import { receive } from '#connectors/kit/receive.ts';
import type { openDoor } from './hub.ts';

/** The part of the connection that what comes over a bus proves itself by. */
const Proof = z.object({
  credentials: z.object({ inboundSecret: z.string() }),
  settings: z.object({ tokenHeader: z.string() }),
});

/**
 * Stores an event of an event bus. The bus vouches for the sender, so the secret of the connection
 * is shown in its name, and the event goes the way of any other request.
 */
export async function receiveFromBus(
  door: ReturnType<typeof openDoor>,
  to: { readonly vendor: string; readonly connection: string },
  event: object,
): Promise<void> {
  const context = await door.connections.open(to.connection).context();
  const { credentials, settings } = Proof.parse(context);
  const path = `/in/${to.vendor}/${to.connection}`;
  await receive(door, to, {
    method: 'POST',
    path,
    url: `${door.publicUrl}${path}`,
    headers: {
      'content-type': 'application/json',
      [settings.tokenHeader]: credentials.inboundSecret,
    },
    body: Buffer.from(JSON.stringify(event)),
  });
}
