import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { machineName } from '#workflows/compiler/substitutions.ts';
import type { FoundationStack } from '../stacks/foundation-stack.ts';

/** Runs are started by this alias, so that each keeps the version it began with. */
export const ALIAS = 'live';

/** The name of a workflow's state machine in a stage. */
export function stageMachineName(workflow: string, stage: string): string {
  return `${machineName({ id: workflow })}-${stage}`;
}

/** Everything that some function of the hub may do; nothing else is permitted to any. */
export function permissionsOf(
  stack: Stack,
  foundation: FoundationStack,
  stage: { readonly name: string; readonly workflows: readonly string[] },
) {
  const { table, inbox, bus, mail, signingKey, credentials } = foundation;
  // By name, not by reference: the machines call functions that have these permissions.
  const machines = stage.workflows.map((workflow) =>
    machineArn(stack, stageMachineName(workflow, stage.name)),
  );
  return {
    keepRecords: new PolicyStatement({
      actions: [
        'dynamodb:GetItem',
        'dynamodb:Query',
        'dynamodb:PutItem',
        'dynamodb:DeleteItem',
        'dynamodb:ConditionCheckItem',
      ],
      resources: [table.tableArn, `${table.tableArn}/index/gsi1`],
    }),
    /** For what has to be done once for each record of a kind. */
    lookThroughRecords: new PolicyStatement({
      actions: ['dynamodb:Scan'],
      resources: [table.tableArn],
    }),
    /** The partition is the one of core/quarantine.ts. */
    quarantine: new PolicyStatement({
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      resources: [table.tableArn],
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['QUARANTINE'] } },
    }),
    /** How far streams were read, what is left of limits, and what ops are told of them. */
    keepCursors: new PolicyStatement({
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      resources: [table.tableArn],
      conditions: {
        'ForAllValues:StringLike': {
          'dynamodb:LeadingKeys': ['CURSOR#*', 'BUDGET#*', 'OUTAGE#*', 'QUOTA#*'],
        },
      },
    }),
    /** Texts with their signatures: the partition is the one of core/agreement. */
    keepSignatures: new PolicyStatement({
      actions: [
        'dynamodb:GetItem',
        'dynamodb:Query',
        'dynamodb:PutItem',
        'dynamodb:ConditionCheckItem',
      ],
      resources: [table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['SIGNED#*'] } },
    }),
    putIntoInbox: new PolicyStatement({
      actions: ['sqs:SendMessage'],
      resources: [inbox.queue.queueArn],
    }),
    publish: new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] }),
    readCredentials: readSecrets(credentials.map((secret) => secret.secretArn)),
    readSigningKey: readSecrets([signingKey.secretArn]),
    sendMail: new PolicyStatement({
      actions: ['ses:SendEmail'],
      resources: [mail.identityArn, mail.configurationSetArn],
      conditions: { StringEquals: { 'ses:FromAddress': mail.from } },
    }),
    startRuns: new PolicyStatement({
      actions: ['states:StartExecution'],
      resources: machines,
      conditions: { StringEquals: { 'states:StateMachineQualifier': ALIAS } },
    }),
    endWaits: new PolicyStatement({
      actions: ['states:SendTaskSuccess', 'states:SendTaskFailure'],
      resources: [everyMachineArn(stack, stage.name)],
    }),
  };
}

export function machineArn(stack: Stack, name: string): string {
  return stack.formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: name,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** The machines of a stage, those of workflows that have left the playbook too: their runs go on. */
export function everyMachineArn(stack: Stack, stage: string): string {
  return machineArn(stack, stageMachineName('*', stage));
}

function readSecrets(resources: string[]): PolicyStatement {
  return new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources });
}
