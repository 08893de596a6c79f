import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { openDynamo } from '#platform/aws/dynamo-client.ts';

const BINARY = `node_modules/@dynoxide/${process.platform}-${process.arch}/dynoxide`;

/** Why the DynamoDB emulator can't run here; undefined when it can. */
export const noDynoxide: string | undefined = existsSync(BINARY)
  ? undefined
  : `no DynamoDB emulator for ${process.platform}-${process.arch} (${BINARY} is missing)`;

// Past Jest's console, which says nothing of a file whose tests are all skipped.
if (noDynoxide !== undefined) process.stderr.write(`Skipped, ${noDynoxide}.\n`);

export interface DynamoEmulator extends AsyncDisposable {
  readonly db: DynamoDBDocumentClient;
  readonly url: string;
  /** Makes an empty table with the keys and the index of the hub's own. */
  createTable(name: string): Promise<void>;
}

/** Starts a DynamoDB emulator in memory on a free port, as a child of this process. */
export async function startDynoxide(): Promise<DynamoEmulator> {
  const port = await freePort();
  const child = spawn(BINARY, ['serve', '--port', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  const db = openDynamo({
    endpoint: url,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await untilItAnswers(url, child);
  return {
    db,
    url,
    createTable: (name) => createTable(db, name),
    async [Symbol.asyncDispose]() {
      db.destroy();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
    },
  };
}

async function createTable(db: DynamoDBDocumentClient, name: string): Promise<void> {
  await db.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'gsi1',
          KeySchema: [
            { AttributeName: 'gsi1pk', KeyType: 'HASH' },
            { AttributeName: 'gsi1sk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
}

async function untilItAnswers(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`The emulator ended with ${child.exitCode}.`);
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await sleep(25);
  }
  throw new Error('The emulator did not answer within five seconds.');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return address.port;
}
