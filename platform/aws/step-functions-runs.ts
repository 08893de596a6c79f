import { createHash } from 'node:crypto';
import {
  ExecutionAlreadyExists,
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  StateMachineDoesNotExist,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { HubError } from '#core/errors.ts';
import type { Runs } from '#core/ports/runs.ts';
import { awsFailure } from './failures.ts';

/** The longest error name and cause that Step Functions takes. */
const MOST_ERROR_LETTERS = 256;
const MOST_CAUSE_LETTERS = 32_768;

/** Runs workflows as Step Functions executions; `aliases` names each workflow's alias ARN. */
export function stepFunctionsRuns(sfn: SFNClient, aliases: Readonly<Record<string, string>>): Runs {
  return {
    async start({ workflow, name, input }) {
      const stateMachineArn = Object.hasOwn(aliases, workflow) ? aliases[workflow] : undefined;
      if (stateMachineArn === undefined) throw unknownWorkflow(workflow);
      const command = new StartExecutionCommand({
        stateMachineArn,
        name: executionName(name),
        input: JSON.stringify(input),
      });
      await sfn.send(command).catch((error: unknown) => {
        // The name is taken for 90 days after a run's end: that is what makes it a key.
        if (error instanceof ExecutionAlreadyExists) return;
        if (error instanceof StateMachineDoesNotExist) throw unknownWorkflow(workflow);
        throw awsFailure(error, `Starting workflow '${workflow}'`);
      });
    },

    succeed: (taskToken, output) =>
      answered(
        sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output ?? null) })),
      ),

    fail: (taskToken, error, cause) =>
      answered(
        sfn.send(
          new SendTaskFailureCommand({
            taskToken,
            error: error.slice(0, MOST_ERROR_LETTERS),
            cause: cause.slice(0, MOST_CAUSE_LETTERS),
          }),
        ),
      ),
  };
}

/**
 * The execution name of a run: itself where Step Functions takes it (80 letters, digits, `-` and
 * `_`), else what can be kept of it and a hash, so that different names stay different.
 */
export function executionName(name: string): string {
  if (/^[\w-]{1,80}$/.test(name)) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return `${name.replace(/[^\w-]+/g, '-').slice(0, 47)}-${hash}`;
}

function unknownWorkflow(workflow: string): HubError {
  return new HubError(
    'config',
    'workflow_unknown',
    `No state machine is deployed for workflow '${workflow}': deploy the playbook that has it.`,
  );
}

async function answered(sending: Promise<unknown>): Promise<boolean> {
  try {
    await sending;
    return true;
  } catch (error) {
    const over =
      error instanceof TaskTimedOut ||
      error instanceof TaskDoesNotExist ||
      error instanceof InvalidToken;
    if (over) return false;
    throw awsFailure(error, 'Ending a wait');
  }
}
