import { createVerify } from 'node:crypto';
import { Hono, type MiddlewareHandler } from 'hono';
import type { FaultScript } from '#connectors/kit/faults.ts';
import { SalesforceRefusal } from './fake-errors.ts';

export interface SessionOptions {
  readonly now: () => Date;
  readonly organizationId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The certificate's public key, where the app takes signed assertions. */
  readonly publicKey?: string | undefined;
  readonly username?: string | undefined;
  readonly faults?: FaultScript | undefined;
}

export interface Sessions {
  readonly routes: Hono;
  readonly required: MiddlewareHandler;
  /** How many sessions were opened so far. */
  readonly opened: () => number;
  /** Ends every session at once, as an administrator may at any time. */
  end(): void;
}

/** The session time-out of a new organisation. */
const LIFE_MS = 2 * 60 * 60_000;

export function fakeSessions(
  options: SessionOptions & { readonly userId: () => string },
): Sessions {
  const expiry = new Map<string, number>();
  let opened = 0;

  const routes = new Hono().post('/services/oauth2/token', async (context) => {
    const form = new URLSearchParams(await context.req.text());
    const problem = refusalOf(form, options);
    if (problem !== undefined) {
      return context.json({ error: problem, error_description: 'authentication failure' }, 400);
    }
    opened += 1;
    const token = `${options.organizationId.slice(0, 15)}!session.${opened}`;
    const issuedAt = options.now().getTime();
    expiry.set(token, issuedAt + LIFE_MS);
    const origin = new URL(context.req.url).origin;
    return context.json({
      access_token: token,
      signature: 'c2lnbmF0dXJl',
      token_format: 'opaque',
      instance_url: origin,
      id: `${origin}/id/${options.organizationId}/005000000000001AAA`,
      token_type: 'Bearer',
      issued_at: String(issuedAt),
    });
  });

  routes.get('/services/oauth2/userinfo', (context) => {
    const token = (context.req.header('authorization') ?? '').replace(/^Bearer /, '');
    if (options.now().getTime() >= (expiry.get(token) ?? 0)) {
      return context.text('Bad_OAuth_Token', 403);
    }
    return context.json({
      user_id: options.userId(),
      organization_id: options.organizationId,
      preferred_username: options.username ?? 'hub@integration.test',
    });
  });

  return {
    routes,
    opened: () => opened,
    end: () => expiry.clear(),
    required: async (context, next) => {
      const token = (context.req.header('authorization') ?? '').replace(/^Bearer /, '');
      if (options.faults?.strikes('token', context.req.path)) expiry.delete(token);
      if (options.now().getTime() >= (expiry.get(token) ?? 0)) {
        throw new SalesforceRefusal(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
      }
      await next();
    },
  };
}

function refusalOf(form: URLSearchParams, options: SessionOptions): string | undefined {
  switch (form.get('grant_type')) {
    case 'client_credentials':
      if (form.get('client_id') !== options.clientId) return 'invalid_client_id';
      return form.get('client_secret') === options.clientSecret ? undefined : 'invalid_client';
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      return isGenuine(form.get('assertion') ?? '', options) ? undefined : 'invalid_grant';
    default:
      return 'unsupported_grant_type';
  }
}

const MOST_SECONDS = 300;

function isGenuine(assertion: string, options: SessionOptions): boolean {
  const [header = '', claims = '', signature = ''] = assertion.split('.');
  if (options.publicKey === undefined) return false;
  const isSigned = createVerify('RSA-SHA256')
    .update(`${header}.${claims}`)
    .verify(options.publicKey, Buffer.from(signature, 'base64url'));
  const { iss, sub, aud, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  const secondsLeft = exp - options.now().getTime() / 1000;
  return (
    isSigned &&
    iss === options.clientId &&
    sub === options.username &&
    aud === 'https://login.salesforce.com' &&
    secondsLeft > 0 &&
    secondsLeft <= MOST_SECONDS
  );
}
