import * as z from 'zod';
import { receive } from '#connectors/kit/receive.ts';
import { readEnv } from '#platform/aws/env.ts';
import { openDoor } from '#platform/aws/hub.ts';
import { queueHandler } from '#platform/aws/queue-handler.ts';

const door = openDoor();
const { CONNECTION: connection } = readEnv(z.object({ CONNECTION: z.string() }));

/** The part of the connection that a relayed change proves itself by. */
const Proof = z.object({
  credentials: z.object({ inboundSecret: z.string() }),
  settings: z.object({ tokenHeader: z.string() }),
});

/**
 * A change that Salesforce sends over its partner event bus. The bus vouches for the sender, so the
 * secret of the connection is shown in its name, and the change goes the way of any other request.
 */
export const handler = queueHandler(z.looseObject({}), async (event) => {
  const { credentials, settings } = Proof.parse(await door.connections.open(connection).context());
  const path = `/in/salesforce/${connection}`;
  await receive(
    door,
    { vendor: 'salesforce', connection },
    {
      method: 'POST',
      path,
      url: `${door.publicUrl}${path}`,
      headers: {
        'content-type': 'application/json',
        [settings.tokenHeader]: credentials.inboundSecret,
      },
      body: Buffer.from(JSON.stringify(event)),
    },
  );
});
