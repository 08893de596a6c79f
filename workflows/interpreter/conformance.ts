import { isHubError } from '#core/errors.ts';
import { RecordedCase } from './conformance/case.ts';
import { compare, type Difference, type Outcome, toRecorded } from './conformance/compare.ts';
import { simulatedWorld } from './conformance/world.ts';
import { loadMachine } from './load.ts';
import { advanceRun, startRun } from './run.ts';
import type { Advance, ExecutionIdentity, HistoryEvent } from './run-state.ts';

export type { RecordedCase } from './conformance/case.ts';
export type { Difference } from './conformance/compare.ts';

export interface CaseResult {
  readonly id: string;
  readonly area: string;
  readonly queryLanguage: string;
  readonly verdict: 'passed' | 'failed' | 'skipped';
  /** Why a case was skipped, or what refused to run it. */
  readonly reason?: string;
  readonly differences: readonly Difference[];
}

/** The environment all cases were recorded in. */
const IDENTITY: ExecutionIdentity = {
  executionArn: 'arn:aws:states:us-east-1:111111111111:execution:StateMachine:Execution',
  executionName: 'Execution',
  stateMachineArn: 'arn:aws:states:us-east-1:111111111111:stateMachine:StateMachine',
  stateMachineName: 'StateMachine',
  roleArn: 'arn:aws:iam::111111111111:role/StateMachineRole',
  startTime: '2030-01-01T00:00:00.000Z',
};

/** Reads recorded cases, one JSON document a line. */
export function readCases(text: string): RecordedCase[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => RecordedCase.parse(JSON.parse(line)));
}

/** Plays one recorded case on a virtual clock and says where the run departs from it. */
export async function playCase(recorded: RecordedCase): Promise<CaseResult> {
  const { id, area, queryLanguage } = recorded;
  try {
    const actual = area === 'validation' ? validated(recorded) : await played(recorded);
    const differences = compare(recorded.expect, asRecordedThen(recorded, actual));
    const failed = differences.some(({ level }) => level !== 'wording');
    return { id, area, queryLanguage, verdict: failed ? 'failed' : 'passed', differences };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const isUnsupported = isHubError(error) && error.code === 'states_unsupported';
    const verdict = isUnsupported ? 'skipped' : 'failed';
    return { id, area, queryLanguage, verdict, reason, differences: [] };
  }
}

/** The day the service learnt to redrive, and its context object to count redrives. */
const REDRIVE_SINCE = '2023-11-15';

/** Older recordings do not know `RedriveCount`; nothing else of theirs has changed. */
function asRecordedThen(recorded: RecordedCase, actual: Outcome): Outcome {
  const [, day, month, year] = /^(\d\d)-(\d\d)-(\d{4})/.exec(recorded.recorded ?? '') ?? [];
  if (year === undefined || `${year}-${month}-${day}` >= REDRIVE_SINCE) return actual;
  const text = JSON.stringify(actual, (key, value) => (key === 'RedriveCount' ? undefined : value));
  return JSON.parse(text) as Outcome;
}

function validated(recorded: RecordedCase): Outcome {
  try {
    loadMachine(recorded.definition, { express: recorded.machineType === 'EXPRESS' });
    return { status: 'VALID', events: [] };
  } catch (error) {
    if (!isHubError(error, 'config')) throw error;
    return { status: 'INVALID', events: [] };
  }
}

async function played(recorded: RecordedCase): Promise<Outcome> {
  const machine = loadMachine(recorded.definition, { express: recorded.machineType === 'EXPRESS' });
  const world = simulatedWorld(recorded);
  const history: HistoryEvent[] = [];
  const follow = (advance: Advance) => {
    history.push(...advance.history);
    world.carryOut(advance.commands);
    // What the host stores is JSON text; a run must not notice.
    return JSON.parse(JSON.stringify(advance.state)) as Advance['state'];
  };
  let state = follow(await startRun(machine, recorded.input, IDENTITY, world.environment()));
  while (state.status === 'RUNNING') {
    const input = world.next();
    if (input === undefined) break;
    state = follow(await advanceRun(machine, state, input, world.environment()));
  }
  return {
    status: state.status,
    output: state.output,
    error: state.error,
    cause: state.cause,
    events: history.map(toRecorded),
  };
}
