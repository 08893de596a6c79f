import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One action on one record, as IAM would judge it. */
export interface RecordedAction {
  readonly action: string;
  readonly partition: string;
}

export interface DynamoRecorder extends AsyncDisposable {
  readonly url: string;
  /** What was done since the last look. */
  take(): RecordedAction[];
}

/** Stands before a DynamoDB and writes down for which permissions a caller would have been asked. */
export async function recordDynamo(target: string): Promise<DynamoRecorder> {
  let recorded: RecordedAction[] = [];
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    recorded.push(...actionsOf(operation, JSON.parse(body)));
    const answer = await fetch(target, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': String(request.headers['x-amz-target']),
        authorization: String(request.headers.authorization),
        'x-amz-date': String(request.headers['x-amz-date']),
      },
      body,
    });
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: () => {
      const taken = recorded;
      recorded = [];
      return taken;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Marshalled {
  readonly Key?: { readonly pk: { readonly S: string } };
  readonly Item?: { readonly pk: { readonly S: string } };
  readonly ExpressionAttributeValues?: Readonly<Record<string, { readonly S: string }>>;
  readonly TransactItems?: readonly Readonly<Record<string, Marshalled>>[];
}

const IN_TRANSACTION: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Update: 'UpdateItem',
};

function actionsOf(operation: string, input: Marshalled): RecordedAction[] {
  if (input.TransactItems === undefined)
    return [{ action: `dynamodb:${operation}`, partition: partitionOf(input) }];
  return input.TransactItems.flatMap((item) =>
    Object.entries(item).flatMap(([kind, one]) => actionsOf(IN_TRANSACTION[kind] ?? kind, one)),
  );
}

function partitionOf({ Key, Item, ExpressionAttributeValues }: Marshalled): string {
  return (Key ?? Item)?.pk.S ?? ExpressionAttributeValues?.[':pk']?.S ?? '';
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
