import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { HubError } from '#core/errors.ts';
import type { Envelope, Inbox } from '#core/ports/inbox.ts';
import { batchesOf, PAUSES_MS } from './batches.ts';
import { awsFailure } from './failures.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MOST_MESSAGE_BYTES = 1_048_576;
const BATCH = { most: 10, mostBytes: 262_144 };

/**
 * Puts envelopes into a FIFO queue: one message group per envelope group, the envelope's id as
 * deduplication id. SQS forgets an id after five minutes; intake's own record catches later repeats.
 */
export function sqsInbox(sqs: SQSClient, queueUrl: string): Inbox {
  return {
    async put(envelopes) {
      const entries = envelopes.map(entryOf);
      // One after the other: batches of the same group must not overtake each other.
      for (const batch of batchesOf(entries, bytesOf, BATCH)) await send(sqs, queueUrl, batch);
      return { repeats: 0 };
    },
  };
}

interface Entry extends SendMessageBatchRequestEntry {
  readonly Id: string;
  readonly MessageBody: string;
}

function entryOf(envelope: Envelope, at: number): Entry {
  const entry = {
    Id: String(at),
    // SQS refuses two code points that JSON leaves as they are; surrogates are escaped so that
    // nothing on the way has to know about pairs.
    MessageBody: JSON.stringify(envelope).replace(
      /[\uD800-\uDFFF\uFFFE\uFFFF]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16)}`,
    ),
    MessageGroupId: queueName(envelope.group),
    MessageDeduplicationId: queueName(envelope.id),
  };
  if (bytesOf(entry) <= MOST_MESSAGE_BYTES) return entry;
  throw new HubError(
    'data',
    'event_too_large',
    `Event ${envelope.id} of connection '${envelope.connection}' is larger than the inbox takes (1 MiB).`,
  );
}

function bytesOf(entry: Entry): number {
  return Buffer.byteLength(entry.MessageBody);
}

/** SQS takes 128 letters, digits and ASCII punctuation; anything else goes by its hash. */
function queueName(text: string): string {
  return /^[\x21-\x7e]{1,128}$/.test(text) ? text : createHash('sha256').update(text).digest('hex');
}

/** An entry sent again may land behind a later one of its group; intake orders by time of event. */
async function send(sqs: SQSClient, queueUrl: string, batch: readonly Entry[]): Promise<void> {
  let left = [...batch];
  for (const pauseMs of [...PAUSES_MS, undefined]) {
    const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: left });
    const { Failed = [] } = await sqs.send(command).catch((error: unknown) => {
      throw awsFailure(error, 'Storing events in the inbox');
    });
    const ours = Failed.find((entry) => entry.SenderFault);
    if (ours !== undefined) {
      throw new HubError('defect', 'aws_refused', `The inbox refused an event (${ours.Code}).`);
    }
    const failed = new Set(Failed.map((entry) => entry.Id));
    left = left.filter((entry) => failed.has(entry.Id));
    if (left.length === 0) return;
    if (pauseMs !== undefined) await sleep(pauseMs);
  }
  throw new HubError('retry', 'aws_busy', `The inbox did not take ${left.length} events now.`);
}
