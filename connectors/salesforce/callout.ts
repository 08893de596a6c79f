import * as z from 'zod';
import type { Delivery, RawRequest } from '#connectors/kit/connector.ts';
import { badSignature, equalSecrets, hmac, requireFresh } from '#connectors/kit/signatures.ts';
import { HubError } from '#core/errors.ts';
import { creationKey, groupOf, type SalesforceChange } from './change.ts';
import type { SalesforceSettings } from './credentials.ts';
import { entityOf, sameId } from './records.ts';

/** What a flow or an Apex class posts: JSON of our own design. */
const Callout = z.strictObject({
  /** The sender's own key for this call: a repeat has the same one. */
  id: z.string().min(1),
  organizationId: z.string(),
  recordId: z.string(),
  at: z.iso.datetime({ offset: true }),
  kind: z.enum(['created', 'updated', 'deleted']).optional(),
  /** Fields whose change it tells; without them it tells a state. */
  changed: z.array(z.string()).optional(),
  /** Who changed it. */
  userId: z.string().optional(),
  fields: z.record(z.string(), z.unknown()).default({}),
});
type Callout = z.infer<typeof Callout>;

export const SIGNATURE_HEADER = 'x-hub-signature-256';
export const TIMESTAMP_HEADER = 'x-hub-timestamp';

/**
 * The signature of a body. With a timestamp it covers both, so that neither can be put to another
 * one: the text is `<timestamp>.<body>`.
 */
export function signCallout(
  body: string | Uint8Array,
  secret: string,
  timestamp?: string | undefined,
): string {
  const parts = timestamp === undefined ? [body] : [`${timestamp}.`, body];
  return `sha256=${hmac('sha256', secret, parts, 'hex')}`;
}

/** Throws `auth` unless the signature is right and, where a time was signed, of these minutes. */
export function verifyCallout(request: RawRequest, secret: string, now: Date): void {
  const offered = request.headers[SIGNATURE_HEADER] ?? '';
  const timestamp = request.headers[TIMESTAMP_HEADER];
  if (!equalSecrets(offered, signCallout(request.body, secret, timestamp))) {
    throw badSignature('The X-Hub-Signature-256');
  }
  if (timestamp !== undefined) requireFresh(millisecondsOf(timestamp), now);
}

/** Seconds have ten digits in our days and milliseconds thirteen. */
const SECONDS = /^\d{10}$/;

function millisecondsOf(timestamp: string): number {
  if (SECONDS.test(timestamp)) return Number(timestamp) * 1000;
  return /^\d{13}$/.test(timestamp) ? Number(timestamp) : Date.parse(timestamp);
}

/** Whether a body is a callout and no event of a bus: it names its organisation itself. */
export function isCallout(body: unknown): boolean {
  return z.looseObject({ organizationId: z.string() }).safeParse(body).success;
}

/** Throws `data` for a callout of another shape and `auth` for one of another organisation. */
export function calloutDeliveries(body: unknown, settings: SalesforceSettings): Delivery[] {
  const callout = Callout.safeParse(body);
  if (!callout.success) {
    throw new HubError(
      'data',
      'salesforce_body_unreadable',
      `The callout can't be read: ${z.prettifyError(callout.error)}.`,
    );
  }
  const { id, organizationId, recordId } = callout.data;
  if (!sameId(organizationId, settings.organizationId)) {
    throw new HubError(
      'auth',
      'salesforce_sender_unknown',
      `The callout comes from organisation ${organizationId}, the connection is for ${settings.organizationId}.`,
    );
  }
  const entity = entityOf(recordId);
  if (entity === undefined) return [];
  const change = changeOf(callout.data, entity);
  const dedupeKey = change.kind === 'CREATE' ? creationKey(entity, recordId) : id;
  return [{ dedupeKey, group: groupOf(organizationId, entity, recordId), body: change }];
}

const KINDS = { created: 'CREATE', updated: 'UPDATE', deleted: 'DELETE' } as const;

function changeOf(callout: Callout, entity: string): SalesforceChange {
  const { recordId, at, kind, changed, userId, fields } = callout;
  // Without the names of what changed, an update is a state like any other.
  const isState = kind === undefined || (kind === 'updated' && changed === undefined);
  return {
    entity,
    recordId,
    kind: isState ? 'NOTIFIED' : KINDS[kind],
    at: new Date(at).toISOString(),
    ...(userId === undefined ? {} : { user: userId }),
    changed: changed ?? [],
    fields,
  };
}
