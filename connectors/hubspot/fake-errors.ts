import type { Context, MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** A failure of the fake in the shape in which HubSpot tells failures. */
export class HubspotRefusal extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, category: string, message: string, more: object = {}) {
    super(message);
    this.status = status;
    this.body = {
      status: 'error',
      message,
      correlationId: '00000000-0000-4000-8000-000000000000',
      category,
      ...more,
    };
  }
}

export function notFound(): HubspotRefusal {
  return new HubspotRefusal(404, 'OBJECT_NOT_FOUND', 'resource not found');
}

export function invalid(code: string, propertyName: string): HubspotRefusal {
  const message = `Property values were not valid: ${propertyName}`;
  return new HubspotRefusal(400, 'VALIDATION_ERROR', message, {
    errors: [{ message, code, context: { propertyName: [propertyName] } }],
  });
}

export function malformed(): HubspotRefusal {
  return new HubspotRefusal(400, 'VALIDATION_ERROR', 'Invalid input JSON');
}

export function answerRefusal(error: Error, context: Context): Response {
  if (!(error instanceof HubspotRefusal)) throw error;
  return context.json(error.body, error.status as ContentfulStatusCode);
}

export function requireToken(token: string): MiddlewareHandler {
  return async (context, next) => {
    if (context.req.header('authorization') !== `Bearer ${token}`) {
      throw new HubspotRefusal(
        401,
        'INVALID_AUTHENTICATION',
        'Authentication credentials not found.',
      );
    }
    await next();
  };
}

export interface Faults {
  /** Calls that still pass before the rolling limit answers 429; absent: no limit. */
  callsLeft?: number | undefined;
  /** The policy that a reached limit names. */
  policyName: 'SECONDLY' | 'TEN_SECONDLY_ROLLING' | 'DAILY';
  /** Writes whose answer will be lost on the way back, though HubSpot acts on them. */
  answersToLose: number;
}

export function rateLimit(faults: Faults): MiddlewareHandler {
  return async (_, next) => {
    if (faults.callsLeft === 0) {
      const message = `You have reached your ${faults.policyName.toLowerCase()} limit.`;
      const { policyName } = faults;
      throw new HubspotRefusal(429, 'RATE_LIMITS', message, {
        errorType: 'RATE_LIMIT',
        policyName,
      });
    }
    if (faults.callsLeft !== undefined) faults.callsLeft -= 1;
    await next();
  };
}

export function loseAnswers(faults: Faults): MiddlewareHandler {
  return async (context, next) => {
    await next();
    if (faults.answersToLose > 0 && isWrite(context)) {
      faults.answersToLose -= 1;
      context.res = new Response('Gateway Timeout', { status: 504 });
    }
  };
}

function isWrite({ req }: Context): boolean {
  return req.method !== 'GET' && !/\/(batch\/read|search)$/.test(req.path);
}
