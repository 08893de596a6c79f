import * as z from 'zod';
import type { Delivery, RawRequest } from '#connectors/kit/connector.ts';
import { contentHash } from '#connectors/kit/signatures.ts';

const given = z.string().min(1).optional().catch(undefined);
const Names = z.object({ messageId: given, anonymousId: given, userId: given });

/** A message of the Segment spec as one delivery, in the order of its visitor. */
export function messageDelivery(message: Readonly<Record<string, unknown>>): Delivery {
  const { messageId, anonymousId, userId } = Names.parse(message);
  return {
    dedupeKey: messageId ?? contentHash(JSON.stringify(message)),
    group: `visitor:${anonymousId ?? userId ?? 'unknown'}`,
    body: message,
  };
}

/** https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/; browsers use the initials. */
const CALLS: Readonly<Record<string, string>> = {
  ...{ i: 'identify', t: 'track', p: 'page', s: 'screen', g: 'group', a: 'alias', b: 'batch' },
  ...{ import: 'batch' },
};

/** Which call of the tracking API the path names, in full, if it names one. */
export function trackingCall({ path }: Pick<RawRequest, 'path'>): string | undefined {
  const name = /\/v1\/([a-z]+)\/?(?:\?|$)/.exec(path)?.[1] ?? '';
  const full = CALLS[name] ?? name;
  return Object.values(CALLS).includes(full) ? full : undefined;
}
