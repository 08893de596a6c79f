import type { EndedRun } from '#core/runs/end-run.ts';
import type {
  Advance,
  Command,
  HistoryEvent,
  RunInput,
  RunState,
} from '#workflows/interpreter/index.ts';
import type { HubDatabase } from './database.ts';
import type { Jobs, NewJob } from './jobs.ts';

/** What a task job holds: whom to call for which run. */
export interface Task {
  readonly run: string;
  readonly id: string;
  readonly resource: string;
  readonly arguments: unknown;
  readonly token?: string;
}

interface RunRow {
  readonly workflow: string;
  readonly machine: string;
  readonly state: string;
}

interface Wait {
  readonly run: string;
  readonly task: string;
  /** Somebody answered already, while the call that opens the wait was still under way. */
  readonly answered: boolean;
}

export interface RunStore {
  find(run: string): RunRow | undefined;
  open(run: string, workflow: string, machine: string): void;
  /** Writes what came of an input, in the caller's transaction: state, history, tasks and timers. */
  write(run: string, workflow: string, advance: Advance): void;
  definition(hash: string): string;
  keepDefinition(hash: string, text: string): void;
  wait(token: string): Wait | undefined;
  keepAnswer(token: string, answer: RunInput): void;
  earlyAnswer(token: string): RunInput | undefined;
  closeWait(run: string, task: string): void;
}

/** Runs, their history and their open waits in SQLite. */
export function openRunStore(db: HubDatabase, jobs: Jobs, now: () => Date): RunStore {
  const sql = {
    run: db.sql.prepare('select workflow, machine, state from runs where name = ?'),
    insertRun: db.sql.prepare(
      "insert into runs (name, workflow, machine, status, state, started_at) values (?, ?, ?, 'RUNNING', '{}', ?)",
    ),
    updateRun: db.sql.prepare('update runs set status = ?, state = ?, ended_at = ? where name = ?'),
    machine: db.sql.prepare('select definition from machines where hash = ?'),
    insertMachine: db.sql.prepare(
      'insert into machines (hash, definition) values (?, ?) on conflict do nothing',
    ),
    token: db.sql.prepare('select run, task, outcome from tokens where token = ?'),
    insertToken: db.sql.prepare('insert into tokens (token, run, task) values (?, ?, ?)'),
    setOutcome: db.sql.prepare('update tokens set outcome = ? where token = ?'),
    removeToken: db.sql.prepare('delete from tokens where run = ? and task = ?'),
    removeTokens: db.sql.prepare('delete from tokens where run = ?'),
    history: db.sql.prepare(
      'insert into history (run, id, previous, type, at, details) values (?, ?, ?, ?, ?, ?)',
    ),
  };
  const tokenRow = (token: string) =>
    sql.token.get(token) as { run: string; task: string; outcome: string | null } | undefined;

  const record = (run: string, history: readonly HistoryEvent[]): void => {
    for (const { id, previousEventId, type, at, details } of history) {
      sql.history.run(run, id, previousEventId, type, at, JSON.stringify(details));
    }
  };
  const obey = (run: string, command: Command): NewJob[] => {
    if (command.type === 'cancel') {
      jobs.cancel(`${run}/${command.id}`);
      sql.removeToken.run(run, command.id);
      return [];
    }
    if (command.type === 'invoke' && command.token !== undefined) {
      sql.insertToken.run(command.token, run, command.id);
    }
    return [jobFor(run, command, now().getTime())];
  };

  return {
    find: (run) => sql.run.get(run) as RunRow | undefined,
    open: (run, workflow, machine) => {
      sql.insertRun.run(run, workflow, machine, now().getTime());
    },
    write(run, workflow, { state, commands, history }) {
      const at = now().getTime();
      const ended = state.status !== 'RUNNING';
      sql.updateRun.run(state.status, JSON.stringify(state), ended ? at : null, run);
      record(run, history);
      jobs.add(commands.flatMap((command) => obey(run, command)));
      if (!ended) return;
      sql.removeTokens.run(run);
      jobs.add([
        {
          id: `${run}/ended`,
          kind: 'ended',
          group: `ended/${run}`,
          dueAt: at,
          payload: endOf(run, workflow, state),
        },
      ]);
    },
    definition: (hash) => (sql.machine.get(hash) as { definition: string }).definition,
    keepDefinition: (hash, text) => {
      sql.insertMachine.run(hash, text);
    },
    wait(token) {
      const row = tokenRow(token);
      return row === undefined
        ? undefined
        : { run: row.run, task: row.task, answered: row.outcome !== null };
    },
    keepAnswer: (token, answer) => {
      sql.setOutcome.run(JSON.stringify(answer), token);
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

function jobFor(run: string, command: Exclude<Command, { type: 'cancel' }>, now: number): NewJob {
  const id = `${run}/${command.id}`;
  if (command.type === 'timer') {
    return { id, kind: 'timer', group: id, dueAt: command.at, payload: { run, id: command.id } };
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

function endOf(run: string, workflow: string, state: RunState): EndedRun {
  const { person } = state.input as { person: string };
  const status = state.status as EndedRun['status'];
  return { run, workflow, person, status, error: state.error, cause: state.cause };
}
