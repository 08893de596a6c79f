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

/** What is wrong with the token of a call, if anything. */
export function requireToken(
  accepts: (token: string) => 'yes' | 'expired' | 'no',
): MiddlewareHandler {
  return async (context, next) => {
    const token = context.req.header('authorization')?.replace(/^Bearer /, '') ?? '';
    const answer = accepts(token);
    if (answer === 'expired') {
      const message = 'The OAuth token used to make this call expired 1 minute(s) ago.';
      throw new HubspotRefusal(401, 'EXPIRED_AUTHENTICATION', message);
    }
    if (answer === 'no') {
      const message = 'Authentication credentials not found.';
      throw new HubspotRefusal(401, 'INVALID_AUTHENTICATION', message);
    }
    await next();
  };
}

export function limitReached(policyName: string): HubspotRefusal {
  const message = `You have reached your ${policyName.toLowerCase()} limit.`;
  return new HubspotRefusal(429, 'RATE_LIMITS', message, { errorType: 'RATE_LIMIT', policyName });
}
