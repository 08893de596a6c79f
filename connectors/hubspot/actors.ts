import type { Actor } from '#core/events.ts';
import type { HubspotContext } from './credentials.ts';
import type { HubspotEvent } from './event.ts';
import { findOwner, type Owner } from './owners.ts';

/** The user who made a change, or the record's owner where no user did or is known. */
export async function changerActor(
  context: HubspotContext,
  event: HubspotEvent,
  ownerId: string,
): Promise<Actor> {
  const userId = /^userId:(\d+)$/.exec(event.sourceId ?? '')?.[1];
  const user =
    userId && (await findOwner(context, (owner) => String(owner.userId ?? '') === userId));
  return user ? actorOf(context, user) : ownerActor(context, ownerId);
}

/** The owner with an id, by name where the owner is active; nobody for an empty id. */
export async function ownerActor(context: HubspotContext, ownerId: string): Promise<Actor> {
  const owner = await findOwner(context, ({ id }) => id === ownerId);
  if (owner !== undefined) return actorOf(context, owner);
  if (ownerId === '') return {};
  return { external: { connection: context.connection, kind: 'user', id: ownerId } };
}

function actorOf({ connection }: HubspotContext, owner: Owner): Actor {
  return {
    ...(owner.email ? { email: owner.email } : {}),
    external: { connection, kind: 'user', id: owner.id },
  };
}
