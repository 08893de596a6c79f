import { type Draft, nodeOf, visitOf } from './draft.ts';
import type { Frame } from './run-state.ts';

/** The context object as a state of the frame sees it: `$$` in JSONPath, `$states.context` in JSONata. */
export function contextObject(draft: Draft, frame: Frame): Record<string, unknown> {
  const { identity, input } = draft.run;
  const visit = visitOf(frame);
  const item = itemOf(draft, frame);
  return {
    Execution: {
      Id: identity.executionArn,
      Input: input,
      StartTime: identity.startTime,
      Name: identity.executionName,
      RoleArn: identity.roleArn,
      RedriveCount: identity.redriveCount ?? 0,
    },
    StateMachine: { Id: identity.stateMachineArn, Name: identity.stateMachineName },
    State: {
      Name: visit.state,
      EnteredTime: new Date(visit.enteredAt).toISOString(),
      // Only states that can be retried count their attempts.
      ...('retriers' in nodeOf(draft, frame) && { RetryCount: visit.retryCount }),
    },
    ...(item && { Map: { Item: item } }),
    ...(visit.token !== undefined && { Task: { Token: visit.token } }),
  };
}

function itemOf(draft: Draft, frame: Frame): { Index: number; Value: unknown } | undefined {
  let current: Frame | undefined = frame;
  while (current !== undefined && current.item === undefined) {
    current = current.parent === undefined ? undefined : draft.run.frames[current.parent];
  }
  return current?.item && { Index: current.index, Value: current.item.value };
}
