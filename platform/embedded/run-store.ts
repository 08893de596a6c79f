import type { EndedRun } from '#core/runs/end-run.ts';
import type { Advance, Command, RunInput, RunState } from '#workflows/interpreter/index.ts';
import type { HubDatabase } from './database.ts';
import type { Job, Jobs, NewJob } from './jobs.ts';
import { pack, unpack } from './run-text.ts';

/** What a task job holds: whom to call for which run. */
export interface Task {
  readonly run: string;
  readonly id: string;
  readonly resource: string;
  readonly arguments: unknown;
  readonly token?: string;
}

/** A run as it stands. */
export interface Run {
  readonly number: number;
  readonly name: string;
  readonly workflow: string;
  /** Number of the definition by which it runs. */
  readonly machine: number;
  readonly state: RunState;
}

export interface Definition {
  readonly hash: string;
  readonly text: string;
  /** The version of the playbook it was compiled from. */
  readonly playbook?: string | undefined;
}

interface Wait {
  readonly run: string;
  readonly task: string;
  /** Somebody answered already, while the call that opens the wait was still under way. */
  readonly answered: boolean;
}

/** Those that write do so in the caller's transaction. */
export interface RunStore {
  find(name: string): Run | undefined;
  begin(run: Pick<Run, 'name' | 'workflow'>, definition: Definition, advance: Advance): void;
  /** Writes what came of an input: state, history, tasks and timers; `done` is the job that brought it. */
  write(run: Run, advance: Advance, done?: Job): void;
  definition(machine: number): string;
  /** The version of the playbook that a definition comes from, if it is known. */
  playbook(machine: number): string | undefined;
  /** Lets a run go on by another definition; answers the run as it is then. */
  move(run: Run, definition: Definition): Run;
  /** Whether a run of another version is on its way, and not waiting for an answer. */
  isUnderWay(otherThan: string): boolean;
  wait(token: string): Wait | undefined;
  keepAnswer(token: string, answer: RunInput): void;
  earlyAnswer(token: string): RunInput | undefined;
  closeWait(run: string, task: string): void;
}

/** As many as may be under way at once, and some that waited only shortly. */
const MOST_RECENT = 200;

/** Runs, their history and their open waits in SQLite. */
export function openRunStore(db: HubDatabase, jobs: Jobs, now: () => Date): RunStore {
  const sql = {
    run: db.sql.prepare(
      'select number, name, workflow, machine, state, started_at from runs where name = ?',
    ),
    insertRun: db.sql.prepare(
      'insert into runs (name, workflow, machine, status, state, started_at, ended_at) values (?, ?, (select number from machines where hash = ?), ?, ?, ?, ?)',
    ),
    updateRun: db.sql.prepare(
      'update runs set status = ?, state = ?, ended_at = ? where number = ?',
    ),
    machine: db.sql.prepare('select definition, playbook from machines where number = ?'),
    insertMachine: db.sql.prepare(
      'insert into machines (hash, definition, playbook) values (?, ?, ?) on conflict (hash) do nothing',
    ),
    move: db.sql.prepare(
      'update runs set machine = (select number from machines where hash = ?) where number = ? returning machine',
    ),
    underWay: db.sql.prepare(
      "select 1 from runs join machines on machines.number = machine where status = 'RUNNING' and playbook is not ? and (name not in (select run from tokens) or name in (select rtrim(rtrim(id, replace(id, '/', '')), '/') from jobs where done_at is null and kind = 'task')) limit 1",
    ),
    token: db.sql.prepare('select task, outcome from tokens where run = ? and secret = ?'),
    insertToken: db.sql.prepare('insert into tokens (run, task, secret) values (?, ?, ?)'),
    setOutcome: db.sql.prepare('update tokens set outcome = ? where run = ? and secret = ?'),
    removeToken: db.sql.prepare('delete from tokens where run = ? and task = ?'),
    removeTokens: db.sql.prepare('delete from tokens where run = ?'),
    history: db.sql.prepare('insert into history (run, events) values (?, ?)'),
  };
  const recent = new Map<string, Run>();
  const tokenRow = (token: string) =>
    sql.token.get(...partsOf(token)) as { task: string; outcome: string | null } | undefined;

  const machineRow = (number: number) =>
    sql.machine.get(number) as { definition: string; playbook: string | null };

  const remember = (run: Run): void => {
    recent.delete(run.name);
    if (run.state.status === 'RUNNING') recent.set(run.name, run);
    const [oldest] = recent.keys();
    if (recent.size > MOST_RECENT && oldest !== undefined) recent.delete(oldest);
  };

  const writeTokens = (run: Run, { state, commands }: Advance): void => {
    for (const command of commands) {
      if (command.type === 'invoke' && command.token !== undefined) {
        sql.insertToken.run(run.name, command.id, partsOf(command.token)[1]);
      } else if (run.state.open[command.id]?.purpose === 'task') {
        sql.removeToken.run(run.name, command.id);
      }
    }
    if (state.status !== 'RUNNING') sql.removeTokens.run(run.name);
  };
  /**
   * A task takes the place of the one before it, and a timer that of one that nobody waits for any
   * more. In no other place would it be done in its turn after the process has ended.
   */
  const writeJobs = (run: Run, advance: Advance, done: Job | undefined): void => {
    const { timers, others, over } = jobsOf(run, advance, now().getTime());
    takePlaces(timers, over);
    takePlaces(others, done === undefined ? [] : [done.id]);
  };
  const takePlaces = (wanted: readonly NewJob[], places: readonly string[]): void => {
    for (const [index, job] of wanted.entries()) {
      const place = places[index];
      if (place === undefined) jobs.add([job]);
      else jobs.replace({ id: place }, job);
    }
    for (const id of places.slice(wanted.length)) jobs.cancel(id);
  };
  const record = (number: number, { history }: Advance): void => {
    if (history.length > 0) sql.history.run(number, JSON.stringify(history));
  };
  const endedAt = ({ status }: RunState) => (status === 'RUNNING' ? null : now().getTime());

  return {
    find(name) {
      const known = recent.get(name);
      if (known !== undefined) return known;
      const row = sql.run.get(name) as RunRow | undefined;
      if (row === undefined) return undefined;
      const { number, workflow, machine } = row;
      return { number, name, workflow, machine, state: stateOf(row) };
    },
    begin({ name, workflow }, { hash, text, playbook }, advance) {
      const { state } = advance;
      sql.insertMachine.run(hash, text, playbook ?? null);
      const { lastInsertRowid } = sql.insertRun.run(
        name,
        workflow,
        hash,
        state.status,
        textOf(advance),
        Date.parse(state.identity.startTime),
        endedAt(state),
      );
      const { machine } = sql.run.get(name) as RunRow;
      const run = { number: Number(lastInsertRowid), name, workflow, machine, state };
      record(run.number, advance);
      writeTokens(run, advance);
      writeJobs(run, advance, undefined);
      db.afterCommit(() => remember(run));
    },
    write(run, advance, done) {
      const { state } = advance;
      sql.updateRun.run(state.status, textOf(advance), endedAt(state), run.number);
      record(run.number, advance);
      writeTokens(run, advance);
      writeJobs(run, advance, done);
      db.afterCommit(() => remember({ ...run, state }));
    },
    definition: (machine) => machineRow(machine).definition,
    playbook: (machine) => machineRow(machine).playbook ?? undefined,
    move(run, { hash, text, playbook }) {
      sql.insertMachine.run(hash, text, playbook ?? null);
      const { machine } = sql.move.get(hash, run.number) as Pick<RunRow, 'machine'>;
      return { ...run, machine };
    },
    isUnderWay: (otherThan) => sql.underWay.get(otherThan) !== undefined,
    wait(token) {
      const row = tokenRow(token);
      if (row === undefined) return undefined;
      return { run: partsOf(token)[0], task: row.task, answered: row.outcome !== null };
    },
    keepAnswer: (token, answer) => {
      sql.setOutcome.run(JSON.stringify(answer), ...partsOf(token));
    },
    earlyAnswer(token) {
      const outcome = tokenRow(token)?.outcome ?? null;
      return outcome === null ? undefined : (JSON.parse(outcome) as RunInput);
    },
    closeWait: (run, task) => {
      sql.removeToken.run(run, task);
    },
  };
}

interface RunRow {
  readonly number: number;
  readonly name: string;
  readonly workflow: string;
  readonly machine: number;
  readonly state: string | Buffer;
  readonly started_at: number;
}

/** Who a run is follows from its row, and is not kept in its state. */
function stateOf({ name, workflow, started_at, state }: RunRow): RunState {
  const kept = JSON.parse(unpack(state)) as RunState;
  return { ...kept, identity: identityOf(workflow, name, new Date(started_at)) };
}

/** A run that nothing but an answer or a timer takes on may lie for days, and is packed. */
function textOf({ state, commands }: Advance): string | Buffer {
  const { identity: _, ...kept } = state;
  const text = JSON.stringify(kept);
  const rests = state.status === 'RUNNING' && commands.every(({ type }) => type !== 'invoke');
  return rests ? pack(text) : text;
}

const ARN = 'arn:aws:states:local:000000000000';

/** What a run is told of itself. */
export function identityOf(workflow: string, name: string, startedAt: Date): RunState['identity'] {
  return {
    executionArn: `${ARN}:execution:${workflow}:${name}`,
    executionName: name,
    stateMachineArn: `${ARN}:stateMachine:${workflow}`,
    stateMachineName: workflow,
    roleArn: 'arn:aws:iam::000000000000:role/embedded',
    startTime: startedAt.toISOString(),
  };
}

/** A token names its run, and what nobody can guess. */
export const tokenOf = (run: string, secret: string) => `${run}.${secret}`;

function partsOf(token: string): [run: string, secret: string] {
  const dot = token.lastIndexOf('.');
  return [token.slice(0, Math.max(dot, 0)), token.slice(dot + 1)];
}

/** Run and timer that a job is about, which its id tells. */
export function timerOf({ id }: Job): { run: string; id: string } {
  const slash = id.lastIndexOf('/');
  return { run: id.slice(0, slash), id: id.slice(slash + 1) };
}

/** The jobs that an advance asks for, and the ids of those that nobody wants any more. */
function jobsOf(run: Run, { state, commands }: Advance, now: number) {
  const wanted = new Map<string, NewJob>();
  const over: string[] = [];
  for (const command of commands) {
    const id = `${run.name}/${command.id}`;
    if (command.type !== 'cancel') wanted.set(id, jobFor(run.name, command, now));
    else if (!wanted.delete(id)) over.push(id);
  }
  if (state.status !== 'RUNNING') wanted.set('ended', endOf(run, state, now));
  const all = [...wanted.values()];
  return {
    over,
    timers: all.filter(({ kind }) => kind === 'timer'),
    others: all.filter(({ kind }) => kind !== 'timer'),
  };
}

function jobFor(run: string, command: Exclude<Command, { type: 'cancel' }>, now: number): NewJob {
  const id = `${run}/${command.id}`;
  if (command.type === 'timer') {
    return { id, kind: 'timer', group: id, dueAt: command.at, payload: null };
  }
  const { resource, arguments: args, token } = command;
  const payload: Task = {
    run,
    id: command.id,
    resource,
    arguments: args,
    ...(token === undefined ? {} : { token }),
  };
  return { id, kind: 'task', group: id, dueAt: now, payload };
}

function endOf({ name: run, workflow }: Run, state: RunState, now: number): NewJob {
  const { person } = state.input as { person: string };
  const { error, cause } = state;
  const status = state.status as EndedRun['status'];
  const payload: EndedRun = { run, workflow, person, status, error, cause };
  return { id: `${run}/ended`, kind: 'ended', group: `ended/${run}`, dueAt: now, payload };
}
