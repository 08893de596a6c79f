import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { HubStage } from './hub-stage.ts';

interface AcceptedFinding {
  readonly id: string;
  readonly on: readonly (IConstruct | undefined)[];
  readonly reason: string;
}

const MACHINES = 'arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:stateMachine';

/** Findings of AWS Solutions checks that stay as they are: what, where and why. */
export function acceptedFindings({ stage, foundation, hub }: HubStage): readonly AcceptedFinding[] {
  const roleOf = (name: string) => hub.functions.find(({ node }) => node.id === name)?.role;
  return [
    {
      id: 'AwsSolutions-SMG4',
      on: foundation.credentials,
      reason:
        'Vendors give out these credentials, and no vendor lets us rotate them by ourselves; a new value is seen within five minutes.',
    },
    {
      id: 'AwsSolutions-SMG4',
      on: [foundation.signingKey],
      reason:
        'Rotation would break the links in mails that are under way for 30 days; the key is replaced by hand after a leak.',
    },
    {
      id: 'AwsSolutions-APIG4',
      on: [hub.api],
      reason:
        'Vendors sign requests in ways of their own and mail links carry their proof in the path: the functions verify both before anything else.',
    },
    {
      id: 'AwsSolutions-IAM5[Resource::*]',
      on: hub.functions.map(({ role }) => role),
      reason: 'xray:PutTraceSegments and xray:PutTelemetryRecords take no narrower resource.',
    },
    {
      id: 'AwsSolutions-IAM5[Resource::*]',
      on: hub.workflows,
      reason:
        'X-Ray, and the log deliveries by which Step Functions writes its log, take no narrower resource.',
    },
    {
      id: `AwsSolutions-IAM5[Resource::${MACHINES}:baton-*-${stage.name}]`,
      on: ['DispatchNews', 'AwaitSignal', 'ApplyPlaybook', 'Administer'].map(roleOf),
      reason:
        'Runs of workflows that have left the playbook still wait for answers; no other machine of the stage has such a name.',
    },
  ];
}

export function acceptFindings(stage: HubStage): void {
  for (const { id, on, reason } of acceptedFindings(stage)) {
    for (const construct of on) {
      if (construct !== undefined) Validations.of(construct).acknowledge({ id, reason });
    }
  }
}
