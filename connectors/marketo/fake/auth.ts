import type { Context, Hono, Next } from 'hono';
import { hangUp } from '#connectors/kit/hang-up.ts';
import { type FakeInstance, refusal } from './instance.ts';

const LIFE_SECONDS = 3_600;

/** The identity endpoint, and what stands before every REST call: token, limits, faults, set refusals. */
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
    if (context.req.url.length > MOST_ADDRESS) return context.text('URI Too Long', 414);
    const refused = refusalOf(instance, context);
    if (refused !== undefined) return context.json(refused);
    instance.underWay += 1;
    try {
      await next();
    } finally {
      instance.underWay -= 1;
    }
    const { faults } = instance.options;
    if (context.req.method !== 'GET' && faults?.strikes('lost-answer', context.req.path)) {
      context.res = hangUp(context);
    }
    return undefined;
  });
}

const MOST_ADDRESS = 8_192;

function refusalOf(instance: FakeInstance, context: Context) {
  const { faults } = instance.options;
  const { path } = context.req;
  if (faults?.strikes('token', path) && instance.tokens.current !== undefined) {
    instance.tokens.ended.set(instance.tokens.current.token, 'expired');
    instance.tokens.current = undefined;
  }
  const refused = refusedToken(instance, context.req.header('authorization'));
  if (refused !== undefined) return refused;
  if (faults?.strikes('scopes', path)) return refusal('603', 'Access denied');
  if (faults?.strikes('throttle', path)) return refusal('606', RATE);
  if (faults?.strikes('quota', path)) return refusal('607', 'Daily quota reached');
  const limited = limit(instance);
  if (limited !== undefined) return limited;
  const set = instance.refusals.shift();
  return set === undefined ? undefined : refusal(set, 'as the test asked');
}

const RATE = "Max rate limit '100' exceeded with in '20' secs";

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

/** Whose midnight begins the day's quota anew. */
const QUOTA_DAY = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Chicago' });

/** What is refused for a limit is not counted. */
function limit({ calls, day, options, underWay }: FakeInstance) {
  const { callsIn20s = Number.POSITIVE_INFINITY, concurrent = Number.POSITIVE_INFINITY } = options;
  const now = options.now().getTime();
  const on = QUOTA_DAY.format(now);
  if (day.on !== on) Object.assign(day, { on, calls: 0 });
  if (day.calls >= (options.daily ?? Number.POSITIVE_INFINITY)) {
    return refusal('607', `Max daily limit '${options.daily}' reached`);
  }
  if (underWay >= concurrent) return refusal('615', 'Concurrent access limit reached');
  while (calls[0] !== undefined && calls[0] <= now - 20_000) calls.shift();
  if (calls.length >= callsIn20s) {
    return refusal('606', `Max rate limit '${callsIn20s}' exceeded with in '20' secs`);
  }
  calls.push(now);
  day.calls += 1;
  return undefined;
}
