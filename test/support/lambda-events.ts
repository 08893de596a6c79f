import type { APIGatewayProxyEventV2, SQSEvent } from 'aws-lambda';

/** An event as API Gateway's HTTP API sends it in payload format 2.0. */
export function httpEvent(request: {
  method?: string;
  path: string;
  query?: string;
  headers?: Record<string, string>;
  parameters?: Record<string, string>;
  body?: string;
  base64?: boolean;
}): APIGatewayProxyEventV2 {
  const { method = 'POST', path, query = '', headers = {}, parameters, body } = request;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers,
    ...(parameters === undefined ? {} : { pathParameters: parameters }),
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: request.base64 ?? false,
    requestContext: {
      accountId: '111122223333',
      apiId: 'api',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey: '$default',
      stage: '$default',
      time: '05/Jan/2027:09:30:00 +0000',
      timeEpoch: 1_799_141_400_000,
    },
  };
}

export interface QueueMessage {
  readonly id: string;
  /** On a FIFO queue. */
  readonly group?: string | undefined;
  readonly body: string;
}

/** An event as SQS hands a batch to Lambda. */
export function queueEvent(messages: readonly QueueMessage[]): SQSEvent {
  return {
    Records: messages.map(({ id, group, body }) => ({
      messageId: id,
      receiptHandle: `receipt-${id}`,
      body,
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '1799141400000',
        SenderId: 'sender',
        ApproximateFirstReceiveTimestamp: '1799141400001',
        ...(group === undefined ? {} : { MessageGroupId: group }),
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-central-1:111122223333:inbox.fifo',
      awsRegion: 'eu-central-1',
    })),
  };
}
