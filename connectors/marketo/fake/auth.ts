import type { Context, Hono, Next } from 'hono';
import { type FakeInstance, refusal } from './instance.ts';

const LIFE_SECONDS = 3_600;

/** The identity endpoint, and what stands before every REST call: token, limits, set refusals. */
export function authRoutes(app: Hono, instance: FakeInstance): void {
  app.get('/identity/oauth/token', (context) => {
    instance.tokens.asked += 1;
    const { clientId = 'client', clientSecret = 'secret' } = instance.options;
    const { client_id, client_secret } = context.req.query();
    if (client_id !== clientId || client_secret !== clientSecret) {
      return context.json({ error: 'invalid_client', error_description: 'Bad credentials' }, 401);
    }
    const { token, expiresAt } = currentToken(instance);
    return context.json({
      access_token: token,
      token_type: 'bearer',
      expires_in: Math.floor((expiresAt - instance.options.now().getTime()) / 1000),
      scope: 'apis@acme.example',
    });
  });

  app.use('/rest/*', async (context: Context, next: Next) => {
    const refused = refusedToken(instance, context.req.header('authorization')) ?? limit(instance);
    if (refused !== undefined) return context.json(refused);
    const set = instance.refusals.shift();
    if (set !== undefined) return context.json(refusal(set, 'as the test asked'));
    await next();
    return undefined;
  });
}

/** Asked again before it ends, the identity endpoint answers the same token. */
function currentToken({ tokens, options }: FakeInstance) {
  const now = options.now().getTime();
  if (tokens.current === undefined || tokens.current.expiresAt <= now) {
    tokens.issued += 1;
    tokens.current = { token: `token-${tokens.issued}:int`, expiresAt: now + LIFE_SECONDS * 1000 };
  }
  return tokens.current;
}

function refusedToken({ tokens, options }: FakeInstance, authorization: string | undefined) {
  const token = authorization?.replace(/^Bearer /, '') ?? '';
  if (tokens.ended.get(token) === 'expired') return refusal('602', 'Access token expired');
  if (token !== tokens.current?.token) return refusal('601', 'Access token invalid');
  return tokens.current.expiresAt <= options.now().getTime()
    ? refusal('602', 'Access token expired')
    : undefined;
}

function limit({ calls, options }: FakeInstance) {
  const most = options.callsIn20s ?? Number.POSITIVE_INFINITY;
  const now = options.now().getTime();
  while (calls[0] !== undefined && calls[0] <= now - 20_000) calls.shift();
  if (calls.length >= most) {
    return refusal('606', `Max rate limit '${most}' exceeded with in '20' secs`);
  }
  calls.push(now);
  return undefined;
}
