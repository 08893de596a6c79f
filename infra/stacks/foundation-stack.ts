import { Duration, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { DeduplicationScope, FifoThroughputLimit, type Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { HubMail } from '../constructs/hub-mail.ts';
import { HubQueue } from '../constructs/hub-queue.ts';
import { HubTable } from '../constructs/hub-table.ts';
import type { PreparedStage } from '../prepare-stage.ts';

/** SQS takes messages of 1 MiB; core/api.ts takes bodies a little smaller. */
const MOST_MESSAGE_BYTES = 1_048_576;

/** Six times the function's time-out, as AWS advises, so that no message is taken twice at once. */
export const TAKE_IN_SECONDS = 30;
const VISIBILITY_SECONDS = 6 * TAKE_IN_SECONDS;

/** What a vendor's outage may last before events go to the dead-letter queue: twelve hours. */
const MOST_RECEIVES = (12 * 3600) / VISIBILITY_SECONDS;

/** What keeps data: it changes seldom and must survive any mistake in the other stacks. */
export class FoundationStack extends Stack {
  readonly table: HubTable;
  readonly inbox: Queue;
  readonly inboxFailed: Queue;
  readonly bus: EventBus;
  readonly mail: HubMail;
  readonly signingKey: Secret;
  /** One secret per configured connection, empty until somebody sets it. */
  readonly credentials: readonly Secret[];

  constructor(scope: Construct, id: string, { stage }: { readonly stage: PreparedStage }) {
    super(scope, id, { description: 'Baton: records, queues, bus, secrets and mail.' });
    this.table = new HubTable(this, 'Records');

    this.inboxFailed = new HubQueue(this, 'InboxFailed', { fifo: true });
    this.inbox = new HubQueue(this, 'Inbox', {
      fifo: true,
      // Thousands of events a second instead of 300: each group is ordered on its own.
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      maxMessageSizeBytes: MOST_MESSAGE_BYTES,
      visibilityTimeout: Duration.seconds(VISIBILITY_SECONDS),
      deadLetterQueue: { queue: this.inboxFailed, maxReceiveCount: MOST_RECEIVES },
    });

    this.bus = new EventBus(this, 'Bus', {
      description: 'What the hub has applied, told to whoever listens.',
    });
    this.bus.archive('News', {
      description: 'To tell listeners again what they missed.',
      eventPattern: { source: ['baton'] },
      retention: Duration.days(90),
    });

    this.mail = new HubMail(this, 'Mail', { from: stage.mailFrom });
    this.signingKey = new Secret(this, 'SigningKey', {
      secretName: `baton/${stage.name}/signing-key`,
      description: 'Signs the links in the mails of the hub.',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.credentials = stage.connectionNames.map(
      (connection) =>
        new Secret(this, `Credentials-${connection}`, {
          secretName: `baton/${stage.name}/connections/${connection}`,
          description: `The credentials of connection ${connection}, as its connector wants them.`,
          secretStringValue: SecretValue.unsafePlainText('{}'),
          removalPolicy: RemovalPolicy.RETAIN,
        }),
    );
  }
}
