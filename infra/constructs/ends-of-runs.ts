import type { Stack } from 'aws-cdk-lib';
import { type EventPattern, Match } from 'aws-cdk-lib/aws-events';
import { everyMachineArn } from './permissions.ts';

/** The events that tell that a run of a stage is over, however it ended. */
export function endsOfRuns(stack: Stack, stage: string): EventPattern {
  return {
    source: ['aws.states'],
    detailType: ['Step Functions Execution Status Change'],
    detail: {
      status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
      stateMachineArn: Match.wildcard(everyMachineArn(stack, stage)),
    },
  };
}
