import { Duration, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { HubMail } from '../constructs/hub-mail.ts';
import { HubTable } from '../constructs/hub-table.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import type { PreparedStage } from '../prepare-stage.ts';

/** What keeps data: it changes seldom and must survive any mistake in the other stacks. */
export class FoundationStack extends Stack {
  readonly table: HubTable;
  readonly inbox: WorkQueue;
  readonly bus: EventBus;
  readonly mail: HubMail;
  readonly signingKey: Secret;
  /** One secret per configured connection, empty until somebody sets it. */
  readonly credentials: readonly Secret[];

  constructor(scope: Construct, id: string, { stage }: { readonly stage: PreparedStage }) {
    super(scope, id, { description: 'Baton: records, queues, bus, secrets and mail.' });
    this.table = new HubTable(this, 'Records');

    this.inbox = new WorkQueue(this, 'Inbox', { fifo: true });

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
