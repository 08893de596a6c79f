import type { Context, MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** A failure of the fake in the shape in which Salesforce tells failures: always an array. */
export class SalesforceRefusal extends Error {
  readonly status: number;
  readonly body: unknown;

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
  /** Writes that will find their row locked. */
  locksLeft: number;
}

export function limitsAndLosses(faults: Faults): MiddlewareHandler {
  return async (context, next) => {
    if (faults.callsLeft === 0) {
      const message = `${faults.limit} Limit exceeded.`;
      throw new SalesforceRefusal(403, 'REQUEST_LIMIT_EXCEEDED', message);
    }
    if (faults.callsLeft !== undefined) faults.callsLeft -= 1;
    const isWrite = context.req.method !== 'GET';
    if (isWrite && faults.locksLeft > 0) {
      faults.locksLeft -= 1;
      throw refused('UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record');
    }
    await next();
    if (isWrite && faults.answersToLose > 0) {
      faults.answersToLose -= 1;
      context.res = new Response('Gateway Timeout', { status: 504 });
    }
  };
}
