import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import type { FaultScript } from '#connectors/kit/faults.ts';
import type { FakeAccount } from './fake-account.ts';
import { HubspotRefusal, limitReached } from './fake-errors.ts';

/** What a test sets by hand, beside the script of faults. */
export interface Faults {
  /** Calls that still pass before the rolling limit answers 429; absent: no limit. */
  callsLeft?: number | undefined;
  /** The policy that a reached limit names. */
  policyName: 'SECONDLY' | 'TEN_SECONDLY_ROLLING' | 'DAILY';
  /** Writes whose answer will be lost on the way back, though HubSpot acts on them. */
  answersToLose: number;
  /** Kinds of call that the app has no scope for, by a part of their path. */
  forbidden?: string | undefined;
}

/** Refuses calls before they do anything, as HubSpot does for its limits, scopes and outages. */
export function refuseByFaults(
  faults: Faults,
  script: FaultScript | undefined,
  account: FakeAccount,
): MiddlewareHandler {
  return async (context, next) => {
    const { path } = context.req;
    if (script?.strikes('outage', path)) return context.text('Service Unavailable', 503);
    const refusal = scripted(script, path) ?? byHand(faults, path);
    if (refusal !== undefined) throw refusal;
    account.callsToday += 1;
    await next();
    tellQuota(context, account);
    return undefined;
  };
}

function scripted(script: FaultScript | undefined, path: string): HubspotRefusal | undefined {
  if (script === undefined) return undefined;
  if (script.strikes('token', path)) {
    const message = 'The OAuth token used to make this call expired 0 minute(s) ago.';
    return new HubspotRefusal(401, 'EXPIRED_AUTHENTICATION', message);
  }
  if (path.includes('/objects/') && script.strikes('scopes', path)) return scopeMissing('objects');
  if (script.strikes('quota', path)) return limitReached('DAILY');
  if (!script.strikes('throttle', path)) return undefined;
  return limitReached(path.endsWith('/search') ? 'SECONDLY' : 'TEN_SECONDLY_ROLLING');
}

function byHand(faults: Faults, path: string): HubspotRefusal | undefined {
  if (faults.callsLeft === 0) return limitReached(faults.policyName);
  if (faults.callsLeft !== undefined) faults.callsLeft -= 1;
  const { forbidden } = faults;
  if (forbidden === undefined || !path.includes(forbidden)) return undefined;
  return scopeMissing(forbidden);
}

function scopeMissing(forbidden: string): HubspotRefusal {
  const message = 'This app does not have the proper permissions.';
  const requiredGranularScopes = [`crm.objects.${forbidden.replace(/\W/g, '')}.read`];
  return new HubspotRefusal(403, 'MISSING_SCOPES', message, {
    errors: [{ message, context: { requiredGranularScopes } }],
  });
}

function tellQuota(context: Context, { dailyLimit, callsToday }: FakeAccount): void {
  context.res.headers.set('x-hubspot-ratelimit-interval-milliseconds', '10000');
  // A search is limited apart, and its answers tell of no limit.
  if (context.req.path.endsWith('/search')) return;
  context.res.headers.set('x-hubspot-ratelimit-daily', String(dailyLimit));
  context.res.headers.set('x-hubspot-ratelimit-daily-remaining', String(dailyLimit - callsToday));
}

/** Loses answers to writes that were done: the connection breaks, or a gateway gives up. */
export function loseAnswers(faults: Faults, script: FaultScript | undefined): MiddlewareHandler {
  return async (context, next) => {
    await next();
    if (!isWrite(context)) return;
    if (script?.strikes('lost-answer', context.req.path)) {
      (context.env as Partial<HttpBindings> | undefined)?.incoming?.socket.destroy();
    }
    if (faults.answersToLose > 0) {
      faults.answersToLose -= 1;
      context.res = new Response('Gateway Timeout', { status: 504 });
    }
  };
}

function isWrite({ req }: Context): boolean {
  return req.method !== 'GET' && !/\/(batch\/read|search|token)$/.test(req.path);
}
