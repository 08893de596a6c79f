import { createHash } from 'node:crypto';
import { openTurns } from '#core/effects/in-turn.ts';
import { HubError } from '#core/errors.ts';
import type { Runs } from '#core/ports/runs.ts';
import type { RunningRule } from '#core/versions/versions.ts';
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
import { canGoOnUnder } from './go-on-under.ts';
import type { Job, Jobs } from './jobs.ts';
import {
  type Definition,
  identityOf,
  openRunStore,
  type Run,
  type Task,
  timerOf,
  tokenOf,
} from './run-store.ts';
import { seededRandom } from './seeded-random.ts';

/** What a state machine's task calls, by function name; the embedded answer to a Lambda function. */
export type TaskFunctions = Readonly<Record<string, (payload: unknown) => Promise<unknown>>>;

/** What runs begin by from now on, and what becomes of those that began by something else. */
export interface RunRules {
  /** The compiled definitions, by workflow. */
  readonly definitions: Readonly<Record<string, unknown>>;
  /** The version of the playbook they come from. */
  readonly version?: string | undefined;
  readonly running?: RunningRule | undefined;
}

export interface Engine extends Runs {
  /** Lets runs begin by other definitions; those under way keep theirs or not, as the rule says. */
  bringIn(rules: RunRules): void;
  /** The version of the playbook by which a run goes; `undefined` where nobody knows. */
  versionOf(run: string): string | undefined;
  /** Carries out a task of a run and takes the run on from there. */
  carryOut(job: Job, functions: TaskFunctions): Promise<void>;
  /** Tells a run that a timer of its is due. */
  ring(job: Job): Promise<void>;
}

const WAITS = '.waitForTaskToken';

/** How soon a run that may not begin yet is tried again. */
const DRAIN_AGAIN_MS = 5000;

/**
 * Runs compiled state machines over the store: every step of a run, and the tasks and timers it
 * asks for, are written in one transaction. A run keeps the definition with which it started, unless
 * the one in force was brought in to take over.
 */
export function openEngine(
  deps: RunRules & {
    db: HubDatabase;
    jobs: Jobs;
    now: () => Date;
    /** How many times as fast as outside the clock runs. */
    pace?: number | undefined;
  },
): Engine {
  const { db, jobs, now } = deps;
  let rules: RunRules = deps;
  let drained = false;
  const machines = new Map<number, Machine>();
  const definitions = new Map<string, Loaded>();
  /** Work on one run is done one piece after the other. */
  const alone = openTurns();
  const store = openRunStore(db, jobs, now);

  const machineOf = (number: number): Machine => {
    const known = machines.get(number);
    if (known !== undefined) return known;
    const machine = loadMachine(JSON.parse(store.definition(number)));
    machines.set(number, machine);
    return machine;
  };
  /** What a workflow that starts now runs by. */
  const newest = (workflow: string): Loaded => {
    const known = definitions.get(workflow);
    if (known !== undefined) return known;
    const loaded = loadDefinition(workflow, rules.definitions[workflow], rules.version);
    definitions.set(workflow, loaded);
    return loaded;
  };
  /** What a run goes on by, where the definition in force takes over from its own. */
  const takingOver = ({ workflow, machine, state }: Run): Loaded | undefined => {
    if (rules.running !== 'migrate' || rules.definitions[workflow] === undefined) return undefined;
    if (store.playbook(machine) === rules.version) return undefined;
    const next = newest(workflow);
    return canGoOnUnder(next.machine, machineOf(machine), state) ? next : undefined;
  };
  /** Refuses to begin a run until every run of an older version has come to rest once. */
  const waitForOlder = (): void => {
    if (rules.running !== 'drain' || rules.version === undefined || drained) return;
    drained = !store.isUnderWay(rules.version);
    if (drained) return;
    throw new HubError(
      'retry',
      'playbook_draining',
      'Runs of the playbook before are still on their way: new ones begin once they wait or end.',
      { retryAfterMs: DRAIN_AGAIN_MS },
    );
  };

  const environment = (run: string, lastEventId: number): Environment => {
    // The same run at the same event draws the same numbers, so that a repeated step repeats itself.
    const random = seededRandom(`${run}#${lastEventId}`);
    return {
      now: now().getTime(),
      random,
      pace: deps.pace,
      uuid: () => uuidFrom(random),
      token: () => tokenOf(run, uuidFrom(random)),
    };
  };

  const writeAll = (run: Run, advances: readonly Advanced[], done: Job | undefined): void => {
    for (const [index, { from, advance }] of advances.entries()) {
      store.write({ ...run, state: from }, advance, index === 0 ? done : undefined);
    }
  };
  /**
   * Feeds inputs to a run one after the other, and writes what came of them together; `done` is the
   * job that brought the first. Answers whether the run took any notice.
   */
  const feed = async (
    name: string,
    inputs: readonly RunInput[],
    { done, also }: { done?: Job; also?: () => void },
  ): Promise<boolean> => {
    const run = store.find(name);
    if (run === undefined) return false;
    const next = takingOver(run);
    const machine = next?.machine ?? machineOf(run.machine);
    const advances: Advanced[] = [];
    let state = run.state;
    for (const input of inputs) {
      const env = environment(name, state.lastEventId);
      const advance = await advanceRun(machine, state, input, env);
      // What nobody waits for changes nothing.
      if (advance.state !== state) advances.push({ from: state, advance });
      state = advance.state;
    }
    await db.write(() => {
      writeAll(
        advances.length === 0 || next === undefined ? run : store.move(run, next),
        advances,
        done,
      );
      if (advances.length === 0 && done !== undefined) jobs.finish(done);
      also?.();
    });
    return advances.length > 0;
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
      if (!jobs.has(`${run}/${task}`)) {
        return feed(run, [answer], { also: () => store.closeWait(run, task) });
      }
      await db.write(() => store.keepAnswer(token, answer));
      return true;
    });
  };

  return {
    bringIn(next) {
      rules = next;
      drained = false;
      definitions.clear();
    },
    versionOf(name) {
      const run = store.find(name);
      return run === undefined ? undefined : store.playbook(run.machine);
    },
    async start({ workflow, name, input }) {
      await alone(name, async () => {
        if (store.find(name) !== undefined) return;
        waitForOlder();
        const { machine, ...definition } = newest(workflow);
        const identity = identityOf(workflow, name, now());
        const advance = await startRun(machine, input, identity, environment(name, 0));
        await db.write(() => store.begin({ name, workflow }, definition, advance));
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
        return feed(task.run, inputs, { done: job });
      });
    },
    async ring(job) {
      const { run, id } = timerOf(job);
      await alone(run, () => feed(run, [{ type: 'timer', id }], { done: job }));
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

/** What came of an input to a run, and how the run was before. */
interface Advanced {
  readonly from: RunState;
  readonly advance: Advance;
}

interface Loaded extends Definition {
  readonly machine: Machine;
}

function loadDefinition(workflow: string, definition: unknown, playbook?: string): Loaded {
  if (definition === undefined) {
    throw new HubError('config', 'workflow_unknown', `The playbook has no workflow '${workflow}'.`);
  }
  const text = JSON.stringify(definition);
  const hash = createHash('sha256');
  // The same text of another version is another definition: its steps look up other rules.
  if (playbook !== undefined) hash.update(`${playbook}\n`);
  return {
    text,
    playbook,
    hash: hash.update(text).digest('hex'),
    machine: loadMachine(definition),
  };
}

function uuidFrom(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
