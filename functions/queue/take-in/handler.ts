import { takeIn } from '#connectors/kit/take-in.ts';
import { Envelope } from '#core/ports/inbox.ts';
import { openHub } from '#platform/aws/hub.ts';
import { queueHandler } from '#platform/aws/queue-handler.ts';

const hub = await openHub();

/** The inbox: understands one envelope after the other and applies what it says. */
export const handler = queueHandler(Envelope, (envelope) => takeIn(hub, envelope));
