import * as z from 'zod';
import type { Delivery, RawRequest } from '#connectors/kit/connector.ts';
import { equalSecrets } from '#connectors/kit/signatures.ts';
import { ActivityRow } from './activity-log.ts';
import type { MarketoCredentials } from './credentials.ts';
import { activityDelivery } from './told.ts';

/**
 * The Lead Activity Data Stream pushes rows of the activity log, hundreds at a time. It shows a
 * bearer, or fetches one first with a client's id and secret: this address answers that too, and
 * the bearer that it gives is the secret itself, which nobody else knows.
 */
export function verifyDataStream(
  request: RawRequest,
  { dataStreamToken }: MarketoCredentials,
): boolean {
  if (dataStreamToken === undefined) return false;
  const shown = bearerOf(request) ?? clientSecretOf(request);
  return shown !== undefined && equalSecrets(shown, dataStreamToken);
}

function bearerOf({ headers }: RawRequest): string | undefined {
  return /^(?:Bearer\s+)?(\S+)$/i.exec(headers['authorization'] ?? '')?.[1];
}

/** The secret of a request for a token: in the form, or the password of its header. */
export function clientSecretOf(request: RawRequest): string | undefined {
  if (!isTokenRequest(request)) return undefined;
  const basic = /^Basic\s+(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  if (basic !== undefined) {
    const pair = Buffer.from(basic, 'base64').toString('utf8');
    return pair.slice(pair.indexOf(':') + 1);
  }
  return formOf(request).get('client_secret') ?? undefined;
}

export function isTokenRequest(request: RawRequest): boolean {
  return formOf(request).get('grant_type') === 'client_credentials';
}

function formOf({ headers, body }: RawRequest): URLSearchParams {
  const isForm = (headers['content-type'] ?? '').includes('x-www-form-urlencoded');
  return new URLSearchParams(isForm ? Buffer.from(body).toString('utf8') : '');
}

/** A list of rows, alone or under one name of an object; `undefined` when it is neither. */
export function rowsIn(body: unknown): readonly unknown[] | undefined {
  if (Array.isArray(body)) return body;
  const named = z.looseObject({}).safeParse(body).data ?? {};
  return Object.values(named).find((value): value is unknown[] => Array.isArray(value));
}

/** One delivery for each row; what is no row of the log, such as a notification, is of no interest. */
export function rowDeliveries(rows: readonly unknown[]): Delivery[] {
  return rows.flatMap((one) => {
    const row = ActivityRow.safeParse(one).data;
    return row === undefined ? [] : [activityDelivery(row, undefined)];
  });
}
