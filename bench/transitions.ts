import jsonata from 'jsonata';
import { connectors } from '#connectors/index.ts';
import { type HubClock, realClock } from '#platform/embedded/clock.ts';
import { openDatabase } from '#platform/embedded/database.ts';
import { openEngine } from '#platform/embedded/engine.ts';
import { openJobs } from '#platform/embedded/jobs.ts';
import { openWorker } from '#platform/embedded/worker.ts';
import { compileWorkflow } from '#workflows/compiler/compile-workflow.ts';
import {
  type Advance,
  advanceRun,
  type Environment,
  loadMachine,
  type Machine,
  startRun,
} from '#workflows/interpreter/index.ts';
import { loadPlaybook } from '#workflows/language/load-playbook.ts';
import type { Workflow } from '#workflows/language/workflow.ts';
import type { Benchmark } from './benchmark.ts';
import { inTurns } from './measure/rounds.ts';
import { figure } from './measure/samples.ts';
import { temporaryFolder } from './stores/folder.ts';
import { openGroupCommit } from './stores/group-commit.ts';

/** What the steps of the shipped workflow answer on the way to a salesperson. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  enrich: { status: 'miss' },
  'match-account': { accountId: 'acc_1', how: 'domain example.com' },
  score: {
    rating: 'hot',
    grade: 'A1',
    lane: 'hot',
    fit: 84,
    engagement: 50,
    disqualifiedBy: null,
  },
  route: { owner: 'anna@example.com', queue: null, rule: 'dach', policy: 'inbound' },
  brief: { briefingId: 'brief-1' },
  'hand-off': { id: 'ho_1', round: 0, owner: 'anna@example.com', lane: 'hot' },
  'open-clock': { clockId: 'accept/0', secondsToNextRung: 86_400, outcome: 'wait' },
};
const INPUT = { person: 'per_1', event: 'evt_1', workflow: 'inbound-lead' };
/** As many at once as the hub's worker takes. */
const AT_ONCE = 24;

/** What one step from state to state costs, the steps themselves left out. */
export const transitions: Benchmark = {
  name: 'transitions',
  summary: 'from state to state in the shipped workflow, whose steps answer at once',
  async run(effort) {
    const playbook = await loadPlaybook('workflows/definitions', { connectors });
    const workflow = playbook.workflows['inbound-lead'] as Workflow;
    const definition = JSON.parse(
      JSON.stringify(compileWorkflow(workflow)).replaceAll(/\$\{(Decide|Act|Await)\}/g, 'step'),
    ) as unknown;
    const runs = { quick: 5, default: 80, long: 300 }[effort];
    const machine = loadMachine(definition);
    const takes = {
      expression: () => evaluations(runs * 10),
      alone: () => interpreted(machine, runs),
      row: () => committedRows(runs * 10),
      stored: () => stored(definition, effort === 'quick' ? 5 : runs),
    };
    for (const take of Object.values(takes)) await take();
    const samples = await inTurns(effort, takes);
    return [
      figure({
        what: 'a transition, interpreter alone',
        unit: 'µs',
        samples: samples.alone,
        bound: { what: 'one JSONata expression', samples: samples.expression },
      }),
      figure({
        what: `a transition, kept in the store (${AT_ONCE} runs at once)`,
        unit: 'µs',
        samples: samples.stored,
        bound: { what: 'one row, group-committed', samples: samples.row },
      }),
    ];
  },
};

const microseconds = (since: number, count: number) => ((performance.now() - since) * 1000) / count;

async function evaluations(count: number): Promise<number> {
  const expression = jsonata('{"use": "score", "person": $person, "score": $score.rating}');
  const startedAt = performance.now();
  for (let done = 0; done < count; done += 1) {
    await expression.evaluate(undefined, { person: 'per_1', score: { rating: 'hot' } });
  }
  return microseconds(startedAt, count);
}

async function committedRows(count: number): Promise<number> {
  using folder = temporaryFolder();
  const table = openGroupCommit(folder.path);
  const startedAt = performance.now();
  for (let done = 0; done < count; done += AT_ONCE) {
    const ids = Array.from({ length: AT_ONCE }, (_, index) => `row-${done + index}`);
    await Promise.all(ids.map((id) => table.insert(id, 'x'.repeat(400))));
  }
  return microseconds(startedAt, count);
}

const isEntry = ({ type }: { type: string }) => type.endsWith('StateEntered');

async function interpreted(machine: Machine, runs: number): Promise<number> {
  let entered = 0;
  const startedAt = performance.now();
  for (let run = 0; run < runs; run += 1) {
    let advance: Advance = await startRun(machine, INPUT, IDENTITY, environment());
    for (;;) {
      entered += advance.history.filter(isEntry).length;
      const task = advance.commands.find(({ type }) => type === 'invoke');
      if (task?.type !== 'invoke' || task.token !== undefined) break;
      const { Payload } = task.arguments as { Payload: unknown };
      const output = { Payload: answer(Payload), StatusCode: 200 };
      const input = { type: 'task-succeeded', id: task.id, output } as const;
      advance = await advanceRun(machine, advance.state, input, environment());
    }
  }
  return microseconds(startedAt, entered);
}

function answer(call: unknown): unknown {
  const { use } = call as { use: string };
  return ANSWERS[use] ?? null;
}

const environment = (): Environment => ({
  now: Date.now(),
  random: Math.random,
  uuid: () => '00000000-0000-4000-a000-000000000000',
  token: () => 'a-token',
});

const ARN = 'arn:aws:states:local:000000000000';
const IDENTITY = {
  executionArn: `${ARN}:execution:inbound-lead:run`,
  executionName: 'run',
  stateMachineArn: `${ARN}:stateMachine:inbound-lead`,
  stateMachineName: 'inbound-lead',
  roleArn: 'arn:aws:iam::000000000000:role/embedded',
  startTime: new Date().toISOString(),
};

async function stored(definition: unknown, runs: number): Promise<number> {
  using folder = temporaryFolder();
  const clock: HubClock = realClock();
  const now = () => clock.now();
  const db = openDatabase(folder.path);
  const jobs = openJobs(db, () => clock.wake());
  const engine = openEngine({ db, jobs, now, definitions: { 'inbound-lead': definition } });
  let waiting = 0;
  let reached = () => {};
  const all = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const step = async (call: unknown) => {
    const { use } = call as { use: string };
    if (use === 'wait') waiting += 1;
    if (waiting === runs) reached();
    return answer(call);
  };
  const idle = async () => {};
  const worker = openWorker({
    db,
    jobs,
    clock,
    handlers: {
      task: (job) => engine.carryOut(job, { step }),
      timer: (job) => engine.ring(job),
      envelope: idle,
      news: idle,
      ended: idle,
      'come-up': idle,
      'tell-ambiguous': idle,
      'account-news': idle,
    },
  });
  const startedAt = performance.now();
  void worker.run();
  for (let run = 0; run < runs; run += 1) {
    await engine.start({ workflow: 'inbound-lead', name: `run-${run}`, input: INPUT });
  }
  await all;
  const took = performance.now() - startedAt;
  await worker.stop();
  const steps = db.sql.prepare('select events from history').all() as { events: string }[];
  db.close();
  const events = steps.flatMap((one) => JSON.parse(one.events) as { type: string }[]);
  return (took * 1000) / events.filter(isEntry).length;
}
