import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import {
  EventBus,
  Match,
  Rule,
  type RuleProps,
  RuleTargetInput,
  Schedule,
} from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { TASK_SECONDS } from '#workflows/compiler/substitutions.ts';
import { endsOfRuns } from '../constructs/ends-of-runs.ts';
import { HubApi } from '../constructs/hub-api.ts';
import { HubFunction, type HubFunctionProps } from '../constructs/hub-function.ts';
import { HubWorkflow } from '../constructs/hub-workflow.ts';
import { ALIAS, machineArn, permissionsOf, stageMachineName } from '../constructs/permissions.ts';
import { WORK_TIMEOUT, WorkQueue } from '../constructs/work-queue.ts';
import type { PreparedStage } from '../prepare-stage.ts';
import type { FoundationStack } from './foundation-stack.ts';

interface HubStackProps {
  readonly stage: PreparedStage;
  readonly foundation: FoundationStack;
}

/** A task's function ends before its state gives it up. */
const taskTimeout = (lambda: 'decide' | 'act') => Duration.seconds(TASK_SECONDS[lambda] - 5);

/** For functions that answer the same to everybody. */
const NOTHING_TO_KNOW = { environment: {}, may: [] };

/** What runs: functions, the HTTP API, rules and state machines. It keeps nothing. */
export class HubStack extends Stack {
  readonly api: HubApi;
  readonly functions: readonly HubFunction[];
  readonly workflows: readonly HubWorkflow[];
  /** What waits for functions, beside the inbox. */
  readonly workQueues: WorkQueue[] = [];

  constructor(scope: Construct, id: string, props: HubStackProps) {
    super(scope, id, { description: 'Baton: functions, HTTP API and state machines.' });
    this.api = new HubApi(this, 'Http');
    const functions = this.makeFunctions(props);
    const { takeIn, dispatchNews, endRun, decide, act, awaitSignal } = functions;

    this.api.route({
      'receive-event': functions.receiveEvent,
      'send-tracker': functions.sendTracker,
      'answer-link': functions.answerLink,
      'tell-health': functions.tellHealth,
    });
    props.foundation.inbox.feed(takeIn);
    this.workflows = Object.entries(props.stage.definitions).map(
      ([workflow, definition]) =>
        new HubWorkflow(this, `Workflow-${workflow}`, {
          name: stageMachineName(workflow, props.stage.name),
          definition,
          functions: { Decide: decide, Act: act, Await: awaitSignal },
        }),
    );
    this.listen('News', dispatchNews, {
      eventBus: props.foundation.bus,
      // News of somebody anonymous leads to nothing.
      eventPattern: { source: ['baton'], detail: { personId: Match.exists() } },
    });
    this.listen('ComingUp', functions.comeUp, { schedule: Schedule.rate(Duration.minutes(15)) });
    this.listen('Deployed', functions.applyPlaybook, {
      schedule: Schedule.rate(Duration.minutes(5)),
    });
    this.listen('RunEnds', endRun, { eventPattern: endsOfRuns(this, props.stage.name) });
    this.askVendors(functions.reconcile, props.stage);

    this.functions = Object.values(functions);
    for (const fn of [this.relaySalesforce(props), this.hearOfMails(props)]) {
      if (fn !== undefined) this.functions = [...this.functions, fn];
    }
    new CfnOutput(this, 'PublicUrl', { value: this.publicUrl(props.stage) });
  }

  private makeFunctions(props: HubStackProps) {
    const { stage } = props;
    const may = this.permissions(props);
    const environment = this.hubEnvironment(props);
    const make = (id: string, own: Omit<HubFunctionProps, 'environment' | 'files'>) =>
      new HubFunction(this, id, { environment, files: stage.files, ...own });

    return {
      receiveEvent: this.doorFunction('ReceiveEvent', props, {
        handler: 'http/receive-event',
        description: 'Verifies and stores what vendors send.',
        timeout: Duration.seconds(10),
      }),
      answerLink: make('AnswerLink', {
        handler: 'http/answer-link',
        description: 'Answers signed links from mails.',
        timeout: Duration.seconds(20),
        may: [may.keepRecords, may.publish, may.readSigningKey],
      }),
      sendTracker: new HubFunction(this, 'SendTracker', {
        handler: 'http/send-tracker',
        description: 'Sends the script for websites.',
        timeout: Duration.seconds(5),
        ...NOTHING_TO_KNOW,
      }),
      tellHealth: new HubFunction(this, 'TellHealth', {
        handler: 'http/tell-health',
        description: 'Says that the hub is up.',
        timeout: Duration.seconds(5),
        ...NOTHING_TO_KNOW,
      }),
      takeIn: make('TakeIn', {
        handler: 'queue/take-in',
        description: 'Understands what the inbox holds and applies it.',
        timeout: WORK_TIMEOUT,
        may: [may.keepRecords, may.publish, may.readCredentials],
      }),
      dispatchNews: make('DispatchNews', {
        handler: 'events/dispatch-news',
        description: 'Leads news to waiting hand-offs, to workflows and to analytics.',
        timeout: WORK_TIMEOUT,
        may: [may.keepRecords, may.startRuns, may.endWaits, may.publish, may.readCredentials],
      }),
      reconcile: this.doorFunction('Reconcile', props, {
        handler: 'schedule/reconcile',
        description: 'Asks vendors for what their webhooks lost.',
        timeout: WORK_TIMEOUT,
        may: [may.keepCursors, may.putIntoInbox, may.readCredentials],
      }),
      sign: this.doorFunction('Sign', props, {
        handler: 'tasks/sign',
        description: 'Signs the agreement or the targets, when ops call it.',
        timeout: Duration.seconds(20),
        may: [may.keepSignatures],
      }),
      endRun: make('EndRun', {
        handler: 'events/end-run',
        description: 'Puts a person where the end of a run leaves them.',
        timeout: WORK_TIMEOUT,
        may: [may.keepRecords, may.startRuns],
      }),
      decide: make('Decide', {
        handler: 'tasks/decide',
        description: 'Steps of workflows that decide.',
        timeout: taskTimeout('decide'),
        may: [may.keepRecords],
      }),
      comeUp: make('ComeUp', {
        handler: 'schedule/come-up',
        description: 'Looks at people in nurture whose time has come.',
        timeout: WORK_TIMEOUT,
        may: [may.keepRecords, may.lookThroughRecords, may.startRuns, may.readCredentials],
      }),
      applyPlaybook: make('ApplyPlaybook', {
        handler: 'schedule/apply-playbook',
        description: 'Moves clocks as a stage says when another playbook is deployed.',
        timeout: WORK_TIMEOUT,
        may: [may.keepRecords, may.endWaits],
      }),
      administer: make('Administer', {
        handler: 'tasks/administer',
        description: 'Looks up and changes leads, when ops call it.',
        timeout: Duration.seconds(20),
        may: [may.keepRecords, may.publish, may.startRuns, may.endWaits],
      }),
      act: make('Act', {
        handler: 'tasks/act',
        description: 'Steps of workflows that write to vendors and send mail.',
        timeout: taskTimeout('act'),
        may: [may.keepRecords, may.readCredentials, may.readSigningKey, may.sendMail],
      }),
      awaitSignal: make('AwaitSignal', {
        handler: 'tasks/await-signal',
        description: 'Registers waits of workflows.',
        timeout: taskTimeout('decide'),
        may: [may.keepRecords, may.endWaits],
      }),
    };
  }

  /** Brings each stream its turn, by a queue as all news. */
  private askVendors(fn: HubFunction, { streams }: PreparedStage): void {
    const work = new WorkQueue(this, 'Turns');
    work.feed(fn);
    this.workQueues.push(work);
    for (const { connection, stream, everyMinutes } of streams) {
      new Rule(this, `Turn-${connection}-${stream}`, {
        description: `Asks ${connection} for its ${stream}.`,
        schedule: Schedule.rate(Duration.minutes(everyMinutes)),
        targets: [work.target(RuleTargetInput.fromObject({ connection, stream }))],
      });
    }
  }

  /** A function that stores requests and knows nothing of what follows. */
  private doorFunction(
    id: string,
    props: HubStackProps,
    own: Pick<HubFunctionProps, 'handler' | 'description' | 'timeout'> & {
      readonly environment?: Record<string, string>;
      readonly may?: HubFunctionProps['may'];
    },
  ): HubFunction {
    const { stage, foundation } = props;
    const may = this.permissions(props);
    return new HubFunction(this, id, {
      ...own,
      files: stage.files,
      environment: {
        ...this.commonEnvironment(props),
        INBOX_URL: foundation.inbox.queue.queueUrl,
        ...own.environment,
      },
      may: own.may ?? [may.putIntoInbox, may.quarantine, may.readCredentials],
    });
  }

  private permissions({ stage, foundation }: HubStackProps) {
    const workflows = Object.keys(stage.definitions);
    return permissionsOf(this, foundation, { name: stage.name, workflows });
  }

  private commonEnvironment({ stage, foundation }: HubStackProps) {
    return {
      STAGE: stage.name,
      TABLE_NAME: foundation.table.tableName,
      PUBLIC_URL: this.publicUrl(stage),
    };
  }

  private hubEnvironment(props: HubStackProps) {
    const { bus, mail } = props.foundation;
    const machine = machineArn(this, stageMachineName('{workflow}', props.stage.name));
    return {
      ...this.commonEnvironment(props),
      BUS_NAME: bus.eventBusName,
      WORKFLOW_ARN: `${machine}:${ALIAS}`,
      MAIL_FROM: mail.from,
      MAIL_CONFIGURATION_SET: mail.configurationSetName,
      BATON: props.stage.baton,
      RUNNING_RUNS: props.stage.underWay.runs,
      RUNNING_CLOCKS: props.stage.underWay.clocks,
    };
  }

  private publicUrl(stage: PreparedStage): string {
    return stage.publicUrl ?? this.api.api.apiEndpoint;
  }

  /**
   * Leads events to a function by a queue: a function that EventBridge calls itself is tried three
   * times within minutes, and a lead must outlast a longer trouble.
   */
  private listen(
    id: string,
    fn: HubFunction,
    rule: Pick<RuleProps, 'eventBus' | 'eventPattern' | 'schedule'>,
  ) {
    const work = new WorkQueue(this, id);
    work.feed(fn);
    new Rule(this, `${id}Rule`, { ...rule, targets: [work.target()] });
    this.workQueues.push(work);
  }

  /** Salesforce relays changes over a partner bus of its own, where the stage says so. */
  private relaySalesforce(props: HubStackProps): HubFunction | undefined {
    const relay = props.stage.salesforceEvents;
    if (relay === undefined) return undefined;
    const fn = this.doorFunction('ReceiveChange', props, {
      handler: 'events/receive-change',
      description: 'Stores the changes that Salesforce relays.',
      timeout: WORK_TIMEOUT,
      environment: { CONNECTION: relay.connection },
    });
    const eventBus = new EventBus(this, 'SalesforceBus', { eventSourceName: relay.eventSource });
    this.listen('SalesforceChanges', fn, {
      eventBus,
      eventPattern: { source: [relay.eventSource] },
    });
    return fn;
  }

  /** What SES tells of the hub's own mails, where the stage names a connection for it. */
  private hearOfMails(props: HubStackProps): HubFunction | undefined {
    const connection = props.stage.mailFeedback;
    if (connection === undefined) return undefined;
    const fn = this.doorFunction('ReceiveFeedback', props, {
      handler: 'events/receive-feedback',
      description: 'Stores which mails bounced and who complained.',
      timeout: WORK_TIMEOUT,
      environment: { FEEDBACK_CONNECTION: connection },
    });
    const { configurationSetName } = props.foundation.mail;
    this.listen('MailFeedback', fn, {
      eventPattern: {
        source: ['aws.ses'],
        detail: {
          eventType: ['Bounce', 'Complaint'],
          mail: { tags: { 'ses:configuration-set': [configurationSetName] } },
        },
      },
    });
    return fn;
  }
}
