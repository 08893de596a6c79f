import middy from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { RawRequest, RawResponse } from '#connectors/kit/connector.ts';
import { MOST_BODY_BYTES, statusOf } from '#core/api.ts';
import { isHubError } from '#core/errors.ts';
import { describeFailure } from './describe-failure.ts';

export interface HttpRequest extends RawRequest {
  /** The `{name}` parts of the route. */
  readonly parameters: Readonly<Record<string, string | undefined>>;
}

/**
 * Answers requests of an HTTP API. `publicUrl` is the address that vendors were given, where the
 * function knows it; some of them sign it.
 */
export function httpHandler(
  run: (request: HttpRequest) => Promise<RawResponse>,
  publicUrl?: string,
) {
  const answer = async (
    event: APIGatewayProxyEventV2,
  ): Promise<APIGatewayProxyStructuredResultV2> => {
    const { status, headers, body } = await run(requestFrom(event, publicUrl));
    return { statusCode: status, headers: { ...headers }, body };
  };
  return middy(answer)
    .use(httpErrorHandler({ logger: false }))
    .onError(nameStatus);
}

function requestFrom(event: APIGatewayProxyEventV2, publicUrl: string | undefined): HttpRequest {
  const { method } = event.requestContext.http;
  const query = event.rawQueryString === '' ? '' : `?${event.rawQueryString}`;
  const path = `${event.rawPath}${query}`;
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (body.byteLength > MOST_BODY_BYTES) throw new BodyTooLarge();
  return {
    method,
    path,
    url: `${publicUrl ?? `https://${event.requestContext.domainName}`}${path}`,
    headers: Object.fromEntries(
      Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value ?? '']),
    ),
    body: new Uint8Array(body),
    parameters: event.pathParameters ?? {},
  };
}

class BodyTooLarge extends Error {}

/** Gives an error the status and the message that the error handler behind this one sends. */
function nameStatus(request: middy.Request): void {
  const { status, code, message } = answerTo(request.error);
  if (status >= 500) console.error(describeFailure(request.error));
  request.error = Object.assign(new Error(JSON.stringify({ error: { code, message } })), {
    statusCode: status,
    expose: true,
    ...(status === 503 ? { headers: { 'Retry-After': retryAfterSeconds(request.error) } } : {}),
  });
}

function answerTo(error: unknown): { status: number; code: string; message: string } {
  if (error instanceof BodyTooLarge) {
    const message = `The body is larger than ${MOST_BODY_BYTES} bytes.`;
    return { status: 413, code: 'body_too_large', message };
  }
  const status = isHubError(error) ? statusOf(error) : 500;
  const code = isHubError(error) ? error.code : 'defect';
  // What is wrong on this side concerns the log, not whoever asked.
  const message = status < 500 && isHubError(error) ? error.message : 'The hub could not do this.';
  return { status, code, message };
}

function retryAfterSeconds(error: unknown): string {
  return String(Math.ceil(((isHubError(error) ? error.retryAfterMs : undefined) ?? 5_000) / 1000));
}
