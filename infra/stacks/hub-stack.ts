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
import { type FunctionMaker, functionMaker } from '../constructs/function-maker.ts';
import { HubApi } from '../constructs/hub-api.ts';
import type { HubFunction } from '../constructs/hub-function.ts';
import { HubWorkflow } from '../constructs/hub-workflow.ts';
import { stageMachineName } from '../constructs/permissions.ts';
import { WORK_TIMEOUT, WorkQueue } from '../constructs/work-queue.ts';
import type { PreparedStage } from '../prepare-stage.ts';
import type { FoundationStack } from './foundation-stack.ts';

interface HubStackProps {
  readonly stage: PreparedStage;
  readonly foundation: FoundationStack;
}

/** A task's function ends before its state gives it up. */
const taskTimeout = (lambda: 'decide' | 'act') => Duration.seconds(TASK_SECONDS[lambda] - 5);

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
    const publicUrl = props.stage.publicUrl ?? this.api.api.apiEndpoint;
    const make = functionMaker(this, { ...props, publicUrl });
    const functions = makeFunctions(make);
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
    for (const fn of [this.relaySalesforce(make, props), this.hearOfMails(make, props)]) {
      if (fn !== undefined) this.functions = [...this.functions, fn];
    }
    new CfnOutput(this, 'PublicUrl', { value: publicUrl });
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
  private relaySalesforce(make: FunctionMaker, props: HubStackProps): HubFunction | undefined {
    const relay = props.stage.salesforceEvents;
    if (relay === undefined) return undefined;
    const fn = make.door('ReceiveChange', {
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
  private hearOfMails(make: FunctionMaker, props: HubStackProps): HubFunction | undefined {
    const connection = props.stage.mailFeedback;
    if (connection === undefined) return undefined;
    const fn = make.door('ReceiveFeedback', {
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

/** Every function of every deployment; what each may do stands beside it. */
function makeFunctions(make: FunctionMaker) {
  const { may } = make;
  return {
    receiveEvent: make.door('ReceiveEvent', {
      handler: 'http/receive-event',
      description: 'Verifies and stores what vendors send.',
      timeout: Duration.seconds(10),
    }),
    answerLink: make.hub('AnswerLink', {
      handler: 'http/answer-link',
      description: 'Answers signed links from mails.',
      timeout: Duration.seconds(20),
      may: [may.keepRecords, may.publish, may.readSigningKey],
    }),
    sendTracker: make.plain('SendTracker', {
      handler: 'http/send-tracker',
      description: 'Sends the script for websites.',
      timeout: Duration.seconds(5),
    }),
    tellHealth: make.plain('TellHealth', {
      handler: 'http/tell-health',
      description: 'Says that the hub is up.',
      timeout: Duration.seconds(5),
    }),
    takeIn: make.hub('TakeIn', {
      handler: 'queue/take-in',
      description: 'Understands what the inbox holds and applies it.',
      timeout: WORK_TIMEOUT,
      may: [may.keepRecords, may.publish, may.readCredentials],
    }),
    dispatchNews: make.hub('DispatchNews', {
      handler: 'events/dispatch-news',
      description: 'Leads news to waiting hand-offs, to workflows and to analytics.',
      timeout: WORK_TIMEOUT,
      may: [
        may.keepRecords,
        may.startRuns,
        may.endWaits,
        may.publish,
        may.readCredentials,
        may.sendMail,
      ],
    }),
    reconcile: make.door('Reconcile', {
      handler: 'schedule/reconcile',
      description: 'Asks vendors for what their webhooks lost.',
      timeout: WORK_TIMEOUT,
      may: [may.keepCursors, may.putIntoInbox, may.readCredentials],
    }),
    sign: make.door('Sign', {
      handler: 'tasks/sign',
      description: 'Signs the agreement or the targets, when ops call it.',
      timeout: Duration.seconds(20),
      may: [may.keepSignatures],
    }),
    endRun: make.hub('EndRun', {
      handler: 'events/end-run',
      description: 'Puts a person where the end of a run leaves them.',
      timeout: WORK_TIMEOUT,
      may: [may.keepRecords, may.startRuns],
    }),
    decide: make.hub('Decide', {
      handler: 'tasks/decide',
      description: 'Steps of workflows that decide.',
      timeout: taskTimeout('decide'),
      may: [may.keepRecords],
    }),
    comeUp: make.hub('ComeUp', {
      handler: 'schedule/come-up',
      description: 'Looks at people in nurture whose time has come.',
      timeout: WORK_TIMEOUT,
      may: [may.keepRecords, may.lookThroughRecords, may.startRuns, may.readCredentials],
    }),
    applyPlaybook: make.hub('ApplyPlaybook', {
      handler: 'schedule/apply-playbook',
      description: 'Moves clocks as a stage says when another playbook is deployed.',
      timeout: WORK_TIMEOUT,
      may: [may.keepRecords, may.endWaits],
    }),
    administer: make.hub('Administer', {
      handler: 'tasks/administer',
      description: 'Looks up and changes leads, when ops call it.',
      timeout: Duration.seconds(20),
      may: [
        may.keepRecords,
        may.publish,
        may.startRuns,
        may.endWaits,
        may.readCredentials,
        may.sendMail,
      ],
    }),
    act: make.hub('Act', {
      handler: 'tasks/act',
      description: 'Steps of workflows that write to vendors and send mail.',
      timeout: taskTimeout('act'),
      may: [may.keepRecords, may.readCredentials, may.readSigningKey, may.sendMail],
    }),
    awaitSignal: make.hub('AwaitSignal', {
      handler: 'tasks/await-signal',
      description: 'Registers waits of workflows.',
      timeout: taskTimeout('decide'),
      may: [may.keepRecords, may.endWaits],
    }),
  };
}
