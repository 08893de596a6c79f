import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { PreparedStage } from '../prepare-stage.ts';
import type { FoundationStack } from './foundation-stack.ts';
import type { HubStack } from './hub-stack.ts';

interface WatchStackProps {
  readonly stage: PreparedStage;
  readonly foundation: FoundationStack;
  readonly hub: HubStack;
}

interface Watch {
  readonly metric: IMetric;
  readonly from: number;
  /** What whoever is woken should know. */
  readonly means: string;
  /** How many periods in a row; one by default. */
  readonly periods?: number;
}

const PERIOD = Duration.minutes(5);

/** Hand-raisers are promised minutes: an event that waits this long breaks the promise. */
const OLDEST_MESSAGE_SECONDS = 300;

/** Tasks throw when a vendor is down, and are tried again: a few errors are a normal day. */
const MOST_ERRORS = 5;

/** Tells somebody when a lead may be waiting for nobody. */
export class WatchStack extends Stack {
  private readonly topic: Topic;

  constructor(scope: Construct, id: string, { stage, foundation, hub }: WatchStackProps) {
    super(scope, id, { description: 'Baton: alarms.' });
    this.topic = this.makeTopic(stage.alarmMail);
    this.watchQueues(foundation, hub);
    this.watchFunctions(hub);
    this.watchRuns(hub);
    this.watch('HttpFailing', {
      metric: hub.api.api.metricServerError({ period: PERIOD, statistic: 'Sum' }),
      from: MOST_ERRORS,
      means: 'Vendors get 5xx and will send again, for a while.',
    });
  }

  private makeTopic(alarmMail: string | undefined): Topic {
    const topic = new Topic(this, 'Alarms', { displayName: 'Baton alarms', enforceSSL: true });
    // A topic with a policy of its own loses the default one, by which CloudWatch could publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    if (alarmMail !== undefined) topic.addSubscription(new EmailSubscription(alarmMail));
    return topic;
  }

  private watchQueues(foundation: FoundationStack, hub: HubStack): void {
    for (const { node, queue, failed } of [foundation.inbox, ...hub.workQueues]) {
      this.watch(`${node.id}Waiting`, {
        metric: queue.metricApproximateAgeOfOldestMessage({ period: PERIOD }),
        from: OLDEST_MESSAGE_SECONDS,
        means: `${node.id}: work waits, because its function fails or is too slow.`,
      });
      this.watch(`${node.id}GivenUp`, {
        metric: failed.metricApproximateNumberOfMessagesVisible({ period: PERIOD }),
        from: 1,
        means: `${node.id}: work was given up. Mend the cause, then redrive queue ${failed.queueName}.`,
      });
    }
  }

  private watchFunctions(hub: HubStack): void {
    for (const fn of hub.functions) {
      this.watch(`${fn.node.id}Errors`, {
        metric: fn.metricErrors({ period: PERIOD }),
        from: MOST_ERRORS,
        periods: 2,
        means: `${fn.node.id} keeps failing: its log says why.`,
      });
      this.watch(`${fn.node.id}Throttled`, {
        metric: fn.metricThrottles({ period: PERIOD }),
        from: 1,
        periods: 2,
        means: `${fn.node.id} is throttled: the account has too few concurrent Lambdas.`,
      });
    }
  }

  private watchRuns(hub: HubStack): void {
    for (const { node, machine } of hub.workflows) {
      const ends = {
        Failed: machine.metricFailed({ period: PERIOD }),
        TimedOut: machine.metricTimedOut({ period: PERIOD }),
        Aborted: machine.metricAborted({ period: PERIOD }),
      };
      for (const [end, metric] of Object.entries(ends)) {
        this.watch(`${node.id}${end}`, {
          metric,
          from: 1,
          means: `A run of ${node.id} did not end well: its lead is in the queue 'attention'.`,
        });
      }
    }
  }

  private watch(id: string, { metric, from, means, periods = 1 }: Watch): void {
    new Alarm(this, id, {
      metric,
      threshold: from,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: means,
    }).addAlarmAction(new SnsAction(this.topic));
  }
}
