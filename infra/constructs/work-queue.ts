import { Duration } from 'aws-cdk-lib';
import type { RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { DeduplicationScope, FifoThroughputLimit, type Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { HubFunction } from './hub-function.ts';
import { HubQueue } from './hub-queue.ts';

/** How long a function may work on a batch. */
export const WORK_TIMEOUT = Duration.seconds(30);

/** Six times as long, as AWS advises, so that no message is worked on twice at once. */
const VISIBILITY_SECONDS = 6 * WORK_TIMEOUT.toSeconds();

/** How long a vendor or a service may be down before messages are put aside: twelve hours. */
const MOST_RECEIVES = (12 * 3600) / VISIBILITY_SECONDS;

/** SQS takes messages of 1 MiB; core/api.ts takes bodies a little smaller. */
const MOST_MESSAGE_BYTES = 1_048_576;

/** One kind of work must not take all of the account's Lambdas from the tasks of runs under way. */
const MOST_AT_ONCE = 50;

/**
 * Work that waits for a function, and what the function gave up on: after the cause is mended, a
 * redrive of `failed` is all it takes.
 */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly failed: Queue;

  constructor(scope: Construct, id: string, props: { readonly fifo?: boolean } = {}) {
    super(scope, id);
    const fifo = props.fifo === true ? { fifo: true } : {};
    this.failed = new HubQueue(this, 'Failed', fifo);
    this.queue = new HubQueue(this, 'Queue', {
      ...fifo,
      // Thousands of messages a second instead of 300: each group is ordered on its own.
      ...(props.fifo === true
        ? {
            fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
            deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
          }
        : {}),
      maxMessageSizeBytes: MOST_MESSAGE_BYTES,
      visibilityTimeout: Duration.seconds(VISIBILITY_SECONDS),
      deadLetterQueue: { queue: this.failed, maxReceiveCount: MOST_RECEIVES },
    });
  }

  /** Where a rule puts what it matches, or a message of its own. */
  target(message?: RuleTargetInput): SqsQueue {
    return new SqsQueue(this.queue, {
      deadLetterQueue: this.failed,
      ...(message === undefined ? {} : { message }),
    });
  }

  /** Hands the messages to a function, which says of each whether it is done. */
  feed(fn: HubFunction): void {
    fn.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        maxConcurrency: MOST_AT_ONCE,
      }),
    );
  }
}
