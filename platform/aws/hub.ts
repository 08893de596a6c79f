import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { connectors } from '#connectors/index.ts';
import type { BudgetSurroundings } from '#connectors/kit/budget.ts';
import { type Connections, openConnections } from '#connectors/kit/connections.ts';
import { tellOps } from '#core/limits/tell-ops.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Inbox } from '#core/ports/inbox.ts';
import type { Records } from '#core/ports/records.ts';
import { readConnections } from './connections-file.ts';
import { openDynamo } from './dynamo-client.ts';
import { dynamoRecords } from './dynamo-records.ts';
import { readEnv } from './env.ts';
import { eventBridgeBus } from './event-bridge-bus.ts';
import { readPlaybook } from './playbook-file.ts';
import { recordStates } from './record-states.ts';
import { secretsManagerSecrets } from './secrets-manager-secrets.ts';
import { sesMail } from './ses-mail.ts';
import { sqsInbox } from './sqs-inbox.ts';
import { stepFunctionsRuns } from './step-functions-runs.ts';

const DoorEnv = z.object({
  LAMBDA_TASK_ROOT: z.string(),
  STAGE: z.string(),
  TABLE_NAME: z.string(),
  INBOX_URL: z.url(),
  PUBLIC_URL: z.url(),
});

const HubEnv = z.object({
  LAMBDA_TASK_ROOT: z.string(),
  STAGE: z.string(),
  TABLE_NAME: z.string(),
  BUS_NAME: z.string(),
  /** The ARN of a workflow's alias, with `{workflow}` where the workflow's id stands. */
  WORKFLOW_ARN: z.string().includes('{workflow}'),
  MAIL_FROM: z.string(),
  MAIL_CONFIGURATION_SET: z.string(),
  PUBLIC_URL: z.url(),
});

const now = () => new Date();

/** Lambdas share no counter; the microseconds of their clocks come close enough to an order. */
let latest = 0;
const order = () => {
  latest = Math.max(latest + 1, Math.round((performance.timeOrigin + performance.now()) * 1000));
  return latest;
};

/** What takes requests in: it stores them and knows nothing of the playbook. */
export interface Door {
  readonly connections: Connections;
  readonly inbox: Inbox;
  readonly records: Records;
  readonly publicUrl: string;
  readonly now: () => Date;
}

export function openDoor(): Door {
  const env = readEnv(DoorEnv);
  return {
    connections: connectionsOf(env),
    inbox: sqsInbox(new SQSClient({}), env.INBOX_URL),
    records: dynamoRecords(openDynamo(), env.TABLE_NAME),
    publicUrl: env.PUBLIC_URL,
    now,
  };
}

/** The same for what asks vendors by itself: its calls are counted, as those of the hub are. */
export function openAsking(): Door {
  const env = readEnv(DoorEnv);
  const door = openDoor();
  return { ...door, connections: countedConnections(env, door.records) };
}

/** The hub as it stands on AWS; what a function may really use of it, its role says. */
export async function openHub(): Promise<Hub & { readonly connections: Connections }> {
  const env = readEnv(HubEnv);
  const playbook = readPlaybook(env.LAMBDA_TASK_ROOT);
  const records = dynamoRecords(openDynamo(), env.TABLE_NAME);
  const connections = countedConnections(env, records);
  const aliases = Object.fromEntries(
    Object.keys(playbook.workflows).map((id) => [id, env.WORKFLOW_ARN.replace('{workflow}', id)]),
  );
  return {
    records,
    bus: eventBridgeBus(new EventBridgeClient({}), env.BUS_NAME),
    runs: stepFunctionsRuns(new SFNClient({}), aliases),
    mail: sesMail(new SESv2Client({}), {
      from: env.MAIL_FROM,
      configurationSet: env.MAIL_CONFIGURATION_SET,
    }),
    secrets: secretsOf(env),
    operations: connections,
    connections,
    playbook,
    publicUrl: env.PUBLIC_URL,
    now,
    order,
  };
}

function countedConnections(env: Task, records: Records): Connections {
  const connections: Connections = connectionsOf(env, {
    states: recordStates(records),
    worker: randomUUID(),
    wait: setTimeout,
    tell: (trouble) => {
      console.warn({ message: 'A connection is in trouble.', trouble });
      return tellOps({ records, operations: connections, now }, trouble);
    },
  });
  return connections;
}

type Task = Pick<z.infer<typeof DoorEnv>, 'LAMBDA_TASK_ROOT' | 'STAGE'>;

function connectionsOf(env: Task, budget?: BudgetSurroundings): Connections {
  const connections = readConnections(env.LAMBDA_TASK_ROOT);
  return openConnections({ connectors, connections, secrets: secretsOf(env), now, budget });
}

function secretsOf({ STAGE }: { STAGE: string }) {
  return secretsManagerSecrets(new SecretsManagerClient({}), STAGE, now);
}
