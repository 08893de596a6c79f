import type { Context, MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { FakeOptions, FakeWrite } from '#connectors/kit/fake.ts';
import type { FaultScript } from '#connectors/kit/faults.ts';
import { hangUp } from '#connectors/kit/hang-up.ts';
import type { Usage } from './fake-usage.ts';

/** A failure of the fake in the shape in which Salesforce tells failures: always an array. */
export class SalesforceRefusal extends Error {
  readonly status: number;
  readonly body: readonly { message: string; errorCode: string }[];

  constructor(status: number, errorCode: string, message: string, more: object = {}) {
    super(message);
    this.status = status;
    this.body = [{ message, errorCode, ...more }];
  }
}

export function refused(errorCode: string, message: string, field?: string): SalesforceRefusal {
  return new SalesforceRefusal(400, errorCode, message, {
    fields: field === undefined ? [] : [field],
  });
}

export function notFound(): SalesforceRefusal {
  return new SalesforceRefusal(404, 'NOT_FOUND', 'The requested resource does not exist');
}

export function answerRefusal(error: Error, context: Context): Response {
  if (!(error instanceof SalesforceRefusal)) throw error;
  return context.json(error.body as object, error.status as ContentfulStatusCode);
}

export interface Faults {
  /** Calls that still pass before the limit answers 403; absent: no limit. */
  callsLeft?: number | undefined;
  limit: 'TotalRequests' | 'ConcurrentRequests';
  /** Writes whose answer will be lost on the way back, though Salesforce acts on them. */
  answersToLose: number;
  /** Records whose write will find their row locked. */
  locksLeft: number;
}

/** What every answer carries: the vendor's clock, the request's name, the quota. */
export function answerHeaders(now: () => Date, usage: Usage): MiddlewareHandler {
  let requests = 0;
  return async (context, next) => {
    requests += 1;
    await next();
    context.res.headers.set('date', now().toUTCString());
    context.res.headers.set('x-sfdc-request-id', `fake-${requests}`);
    if (!context.req.path.startsWith('/services/data/')) return;
    usage.count();
    context.res.headers.set('sforce-limit-info', `api-usage=${usage.used()}/${usage.most}`);
  };
}

const limitExceeded = (what: string) =>
  new SalesforceRefusal(403, 'REQUEST_LIMIT_EXCEEDED', `${what} Limit exceeded.`);

/** Limits and losses: those that a test counts, and those of the script. */
export function limitsAndLosses(
  faults: Faults,
  { faults: script }: Pick<FakeOptions, 'faults'>,
  writes: readonly FakeWrite[],
): MiddlewareHandler {
  return async (context, next) => {
    requireCallsLeft(faults);
    requireService(script, context.req.path);
    const before = writes.length;
    await next();
    // A composite call may be one that only reads: nothing is lost with its answer.
    if (writes.length === before) return undefined;
    if (script?.strikes('lost-answer', context.req.path)) return hangUp(context);
    if (faults.answersToLose > 0) {
      faults.answersToLose -= 1;
      context.res = new Response('Gateway Timeout', { status: 504 });
    }
    return undefined;
  };
}

function requireCallsLeft(faults: Faults): void {
  if (faults.callsLeft === 0) throw limitExceeded(faults.limit);
  if (faults.callsLeft !== undefined) faults.callsLeft -= 1;
}

function requireService(script: FaultScript | undefined, path: string): void {
  if (script?.strikes('outage', path)) {
    throw new SalesforceRefusal(503, 'SERVER_UNAVAILABLE', 'We are down for maintenance');
  }
  if (script?.strikes('quota', path)) throw limitExceeded('TotalRequests');
  if (script?.strikes('throttle', path)) throw limitExceeded('ConcurrentRequests');
}
