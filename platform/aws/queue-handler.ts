import middy from '@middy/core';
import sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { Envelope } from '#core/ports/inbox.ts';
import { describeFailure } from './describe-failure.ts';

/**
 * Takes envelopes off the FIFO inbox. Groups go side by side; inside a group the first failure
 * leaves the rest on the queue too, or they would overtake what failed.
 */
export function queueHandler(run: (envelope: Envelope) => Promise<void>) {
  const takeBatch = async ({ Records }: SQSEvent): Promise<PromiseSettledResult<void>[]> => {
    const outcomes = await Promise.all(groupsOf(Records).map((group) => inOrder(group, run)));
    const outcomeOf = new Map(outcomes.flatMap((group) => [...group]));
    return Records.map((record) => outcomeOf.get(record) ?? SKIPPED);
  };
  return middy(takeBatch).use(sqsPartialBatchFailure({ logger: log }));
}

const SKIPPED: PromiseRejectedResult = { status: 'rejected', reason: 'behind a failure' };

function groupsOf(records: readonly SQSRecord[]): SQSRecord[][] {
  const groups = new Map<string | undefined, SQSRecord[]>();
  for (const record of records) {
    const { MessageGroupId: id } = record.attributes;
    groups.set(id, [...(groups.get(id) ?? []), record]);
  }
  return [...groups.values()];
}

async function inOrder(
  group: readonly SQSRecord[],
  run: (envelope: Envelope) => Promise<void>,
): Promise<Map<SQSRecord, PromiseSettledResult<void>>> {
  const outcomes = new Map<SQSRecord, PromiseSettledResult<void>>();
  for (const record of group) {
    try {
      await run(Envelope.parse(JSON.parse(record.body)));
      outcomes.set(record, { status: 'fulfilled', value: undefined });
    } catch (reason) {
      outcomes.set(record, { status: 'rejected', reason });
      break;
    }
  }
  return outcomes;
}

function log(reason: unknown, record: SQSRecord): void {
  if (reason === SKIPPED.reason) return;
  const { ApproximateReceiveCount: tries } = record.attributes;
  console.error({ ...describeFailure(reason), messageId: record.messageId, tries });
}
