import middy from '@middy/core';
import sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { describeFailure } from './describe-failure.ts';

/**
 * Takes messages off a queue and says which are to be tried again. They go side by side; those of
 * one FIFO group go in order, and the first failure leaves the rest of its group on the queue, or
 * they would overtake what failed.
 */
export function queueHandler<T>(schema: z.ZodType<T>, run: (message: T) => Promise<void>) {
  const take = async ({ body }: SQSRecord): Promise<void> => run(parsed(schema, body));
  const takeBatch = async ({ Records }: SQSEvent): Promise<PromiseSettledResult<void>[]> => {
    const outcomes = await Promise.all(groupsOf(Records).map((group) => inOrder(group, take)));
    const outcomeOf = new Map(outcomes.flatMap((group) => [...group]));
    return Records.map((record) => outcomeOf.get(record) ?? SKIPPED);
  };
  return middy(takeBatch).use(sqsPartialBatchFailure({ logger: log }));
}

const SKIPPED: PromiseRejectedResult = { status: 'rejected', reason: 'behind a failure' };

function groupsOf(records: readonly SQSRecord[]): SQSRecord[][] {
  const groups = new Map<string, SQSRecord[]>();
  for (const record of records) {
    const id = record.attributes.MessageGroupId ?? record.messageId;
    groups.set(id, [...(groups.get(id) ?? []), record]);
  }
  return [...groups.values()];
}

async function inOrder(
  group: readonly SQSRecord[],
  take: (record: SQSRecord) => Promise<void>,
): Promise<Map<SQSRecord, PromiseSettledResult<void>>> {
  const outcomes = new Map<SQSRecord, PromiseSettledResult<void>>();
  for (const record of group) {
    try {
      await take(record);
      outcomes.set(record, { status: 'fulfilled', value: undefined });
    } catch (reason) {
      outcomes.set(record, { status: 'rejected', reason });
      break;
    }
  }
  return outcomes;
}

/** Says what is wrong with a message, never what it holds. */
function parsed<T>(schema: z.ZodType<T>, body: string): T {
  const result = schema.safeParse(fromJson(body));
  if (result.success) return result.data;
  throw new TypeError(`The message has not the shape it should: ${z.prettifyError(result.error)}`);
}

function fromJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Without the cause: the parser's message quotes what it was given.
    throw new TypeError('The message is not JSON.');
  }
}

function log(reason: unknown, record: SQSRecord): void {
  if (reason === SKIPPED.reason) return;
  const { ApproximateReceiveCount: tries } = record.attributes;
  console.error({ ...describeFailure(reason), messageId: record.messageId, tries });
}
