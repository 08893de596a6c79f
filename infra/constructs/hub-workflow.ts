import { CfnDeletionPolicy, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  CfnStateMachineAlias,
  CfnStateMachineVersion,
  DefinitionBody,
  LogLevel,
  StateMachine,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { SUBSTITUTIONS, type Substitution } from '#workflows/compiler/substitutions.ts';
import type { HubFunction } from './hub-function.ts';
import { ALIAS } from './permissions.ts';

export interface HubWorkflowProps {
  readonly name: string;
  /** The compiled workflow. */
  readonly definition: string;
  /** The function behind each name that the definition calls. */
  readonly functions: Readonly<Record<Substitution, HubFunction>>;
}

/**
 * The state machine of a workflow. Runs are started by its alias: each goes on under the version
 * it began with, however the playbook changes meanwhile.
 */
export class HubWorkflow extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, props: HubWorkflowProps) {
    super(scope, id);
    const arns = SUBSTITUTIONS.map((name) => [name, props.functions[name].functionArn] as const);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: arns.map(([, arn]) => arn),
      }),
    );

    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: props.name,
      definitionBody: DefinitionBody.fromString(props.definition),
      definitionSubstitutions: Object.fromEntries(arns),
      role,
      tracingEnabled: true,
      logs: {
        // Step Functions writes to names of its own prefix without a resource policy that grows.
        destination: new LogGroup(this, 'Log', {
          logGroupName: `/aws/vendedlogs/states/${props.name}`,
          retention: RetentionDays.THREE_MONTHS,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        // What a run knows of a person stays out of the log.
        includeExecutionData: false,
      },
      // A machine that is deleted takes its runs along: one whose workflow has left the playbook stays.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });

    const version = new CfnStateMachineVersion(this, 'Version', {
      stateMachineArn: this.machine.stateMachineArn,
      stateMachineRevisionId: this.machine.stateMachineRevisionId,
    });
    // Runs last for months: a version must outlive the deployment that replaces it.
    version.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    version.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
    new CfnStateMachineAlias(this, 'Alias', {
      name: ALIAS,
      routingConfiguration: [{ stateMachineVersionArn: version.attrArn, weight: 100 }],
    });
  }
}
