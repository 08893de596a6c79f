import { createHash } from 'node:crypto';
import { HubError } from '#core/errors.ts';
import type { Runs } from '#core/ports/runs.ts';
import {
  type Advance,
  advanceRun,
  type Environment,
  loadMachine,
  type Machine,
  type RunInput,
  type RunState,
  startRun,
} from '#workflows/interpreter/index.ts';
import type { HubDatabase } from './database.ts';
import type { Job, Jobs } from './jobs.ts';
import { openRunStore, type Task } from './run-store.ts';
import { seededRandom } from './seeded-random.ts';

/** What a state machine's task calls, by function name; the embedded answer to a Lambda function. */
export type TaskFunctions = Readonly<Record<string, (payload: unknown) => Promise<unknown>>>;

export interface Engine extends Runs {
  /** Carries out a task of a run and takes the run on from there. */
  carryOut(job: Job, functions: TaskFunctions): Promise<void>;
  /** Tells a run that a timer of its is due. */
  ring(job: Job): Promise<void>;
}

const WAITS = '.waitForTaskToken';

/**
 * Runs compiled state machines over the store: every step of a run, and the tasks and timers it
 * asks for, are written in one transaction. A run keeps the definition with which it started.
 */
export function openEngine(deps: {
  db: HubDatabase;
  jobs: Jobs;
  now: () => Date;
  /** How many times as fast as outside the clock runs. */
  pace?: number | undefined;
  /** The compiled definitions, by workflow. */
  definitions: Readonly<Record<string, unknown>>;
}): Engine {
  const { db, jobs, now } = deps;
  const machines = new Map<string, Machine>();
  const alone = serialByRun();
  const store = openRunStore(db, jobs, now);

  const machineOf = (hash: string): Machine => {
    const known = machines.get(hash);
    if (known !== undefined) return known;
    const machine = loadMachine(JSON.parse(store.definition(hash)));
    machines.set(hash, machine);
    return machine;
  };

  const environment = (run: string, lastEventId: number): Environment => {
    // The same run at the same event draws the same numbers, so that a repeated step repeats itself.
    const random = seededRandom(`${run}#${lastEventId}`);
    return {
      now: now().getTime(),
      random,
      pace: deps.pace,
      uuid: () => uuidFrom(random),
      token: () => `${run}.${uuidFrom(random)}`,
    };
  };

  /** Feeds inputs to a run one after the other; `also` is written along with the last of them. */
  const feed = async (
    run: string,
    inputs: readonly RunInput[],
    also: () => void,
  ): Promise<boolean> => {
    const row = store.find(run);
    if (row === undefined) return false;
    const before = JSON.parse(row.state) as RunState;
    let state = before;
    const advances: Advance[] = [];
    for (const input of inputs) {
      const advance = await advanceRun(
        machineOf(row.machine),
        state,
        input,
        environment(run, state.lastEventId),
      );
      advances.push(advance);
      state = advance.state;
    }
    const heard = advances.some(({ history, commands }) => history.length + commands.length > 0);
    await db.write(() => {
      for (const advance of advances)
        if (advance.state !== before) store.write(run, row.workflow, advance);
      also();
    });
    return heard;
  };

  /**
   * A wait may be answered while the call that opens it is still under way: the answer is kept for
   * it. Whether it is, is asked in the run's turn, or the call could end just after it was asked.
   */
  const endWait = async (token: string, input: (id: string) => RunInput): Promise<boolean> => {
    const known = store.wait(token);
    if (known === undefined) return false;
    const { run, task } = known;
    return alone(run, async () => {
      const wait = store.wait(token);
      if (wait === undefined || wait.answered) return false;
      const answer = input(task);
      if (!jobs.has(`${run}/${task}`)) return feed(run, [answer], () => store.closeWait(run, task));
      await db.write(() => store.keepAnswer(token, answer));
      return true;
    });
  };

  return {
    async start({ workflow, name, input }) {
      const definition = deps.definitions[workflow];
      if (definition === undefined) {
        throw new HubError(
          'config',
          'workflow_unknown',
          `The playbook has no workflow '${workflow}'.`,
        );
      }
      await alone(name, async () => {
        if (store.find(name) !== undefined) return;
        const text = JSON.stringify(definition);
        const hash = createHash('sha256').update(text).digest('hex');
        const machine = machines.get(hash) ?? loadMachine(definition);
        machines.set(hash, machine);
        const advance = await startRun(
          machine,
          input,
          identity(workflow, name, now()),
          environment(name, 0),
        );
        await db.write(() => {
          store.keepDefinition(hash, text);
          store.open(name, workflow, hash);
          store.write(name, workflow, advance);
        });
      });
    },
    succeed: (token, output) => endWait(token, (id) => ({ type: 'task-succeeded', id, output })),
    fail: (token, error, cause) =>
      endWait(token, (id) => ({ type: 'task-failed', id, error, cause })),
    async carryOut(job, functions) {
      const task = job.payload as Task;
      const answer = await invoke(task, functions);
      await alone(task.run, () => {
        const early = task.token === undefined ? undefined : store.earlyAnswer(task.token);
        const inputs = early === undefined ? [answer] : [answer, early];
        return feed(task.run, inputs, () => jobs.finish(job));
      });
    },
    async ring(job) {
      const { run, id } = job.payload as { run: string; id: string };
      await alone(run, () => feed(run, [{ type: 'timer', id }], () => jobs.finish(job)));
    },
  };
}

/** Calls the function a Lambda task names and words its answer or failure as the service does. */
async function invoke(task: Task, functions: TaskFunctions): Promise<RunInput> {
  const { FunctionName, Payload } = task.arguments as { FunctionName: string; Payload: unknown };
  const called = functions[FunctionName];
  if (called === undefined || !task.resource.startsWith('arn:aws:states:::lambda:invoke')) {
    return {
      type: 'task-failed',
      id: task.id,
      error: 'Lambda.ResourceNotFoundException',
      cause: `Function not found: ${FunctionName}`,
    };
  }
  try {
    const result = (await called(Payload)) ?? null;
    const output = { ExecutedVersion: '$LATEST', Payload: result, StatusCode: 200 };
    const waits = task.resource.endsWith(WAITS);
    return { type: waits ? 'task-submitted' : 'task-succeeded', id: task.id, output };
  } catch (error) {
    const { name, message } =
      error instanceof Error ? error : { name: 'Error', message: String(error) };
    const cause = JSON.stringify({ errorMessage: message, errorType: name });
    return { type: 'task-failed', id: task.id, error: name, cause };
  }
}

const ARN = 'arn:aws:states:local:000000000000';

function identity(workflow: string, name: string, now: Date) {
  return {
    executionArn: `${ARN}:execution:${workflow}:${name}`,
    executionName: name,
    stateMachineArn: `${ARN}:stateMachine:${workflow}`,
    stateMachineName: workflow,
    roleArn: 'arn:aws:iam::000000000000:role/embedded',
    startTime: now.toISOString(),
  };
}

function uuidFrom(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Work on one run is done one piece after the other, in the order in which it came. */
function serialByRun(): <T>(run: string, work: () => Promise<T>) => Promise<T> {
  const tails = new Map<string, Promise<unknown>>();
  return (run, work) => {
    const mine = (tails.get(run) ?? Promise.resolve()).then(work, work);
    tails.set(run, mine);
    const forget = () => {
      if (tails.get(run) === mine) tails.delete(run);
    };
    mine.then(forget, forget);
    return mine;
  };
}
