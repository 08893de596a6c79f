import { setTimeout } from 'node:timers/promises';
import type { Connection } from '#connectors/kit/connection.ts';
import { type Connections, openConnections } from '#connectors/kit/connections.ts';
import type { Connector, RawRequest, RawResponse } from '#connectors/kit/connector.ts';
import { receive, replay } from '#connectors/kit/receive.ts';
import { type Polled, pollStream, type Turn } from '#connectors/kit/reconcile.ts';
import { takeIn } from '#connectors/kit/take-in.ts';
import { HubError } from '#core/errors.ts';
import { newsIn } from '#core/identity/account-news.ts';
import { tellsAt } from '#core/identity/ambiguity.ts';
import { followAccount } from '#core/identity/follow-account.ts';
import { asksAt } from '#core/identity/merge/merge-record.ts';
import { tellOfCandidates } from '#core/identity/merge/tell-candidates.ts';
import { tellOfAmbiguous } from '#core/identity/tell-ambiguous.ts';
import { tellOps } from '#core/limits/tell-ops.ts';
import { comesUpAt, comeUp, comeUpJob } from '#core/nurture/come-up.ts';
import type { Playbook } from '#core/playbook.ts';
import type { Published } from '#core/ports/bus.ts';
import type { Hub } from '#core/ports/hub.ts';
import { Envelope } from '#core/ports/inbox.ts';
import type { Mail } from '#core/ports/mail.ts';
import type { Operations } from '#core/ports/operations.ts';
import type { Records, Write } from '#core/ports/records.ts';
import type { Secrets } from '#core/ports/secrets.ts';
import { type EndedRun, endRun } from '#core/runs/end-run.ts';
import { openPlaybooks, type ReadTexts } from '#core/versions/playbooks.ts';
import type { Applying, InForce, RunningRule } from '#core/versions/versions.ts';
import { awaitSignal } from '#workflows/await-signal.ts';
import { compileWorkflow } from '#workflows/compiler/compile-workflow.ts';
import { dispatch } from '#workflows/dispatch.ts';
import type { Workflow } from '#workflows/language/workflow.ts';
import { runStep } from '#workflows/run-step.ts';
import { type Applied, applyPlaybook, moveClocks } from './apply-playbook.ts';
import type { HubClock } from './clock.ts';
import { embeddedStates } from './connection-states.ts';
import { type Durability, type HubDatabase, openDatabase } from './database.ts';
import { embeddedBus } from './embedded-bus.ts';
import { embeddedInbox } from './embedded-inbox.ts';
import { embeddedRecords } from './embedded-records.ts';
import { openEngine, type TaskFunctions } from './engine.ts';
import { openItemCache } from './item-cache.ts';
import { type Job, type Jobs, type NewJob, openJobs } from './jobs.ts';
import { openWorker, type Worker } from './worker.ts';

export interface EmbeddedHubOptions {
  /** Where the store lies; one process at a time. */
  readonly folder: string;
  readonly durability?: Durability;
  /** The playbook in force when the hub opens, and the rule by which it came into force. */
  readonly playbook: Playbook;
  readonly running?: RunningRule | undefined;
  /** Reads the texts of other versions; without it no other can be applied. */
  readonly readTexts?: ReadTexts | undefined;
  readonly connectors: Readonly<Record<string, Connector>>;
  readonly connections: readonly Connection[];
  /** What steps call in the place of the connections. */
  readonly operations?: Operations | undefined;
  readonly secrets: Secrets;
  readonly mail: Mail;
  readonly clock: HubClock;
  readonly publicUrl: string;
  /** Told of records that were written, after they are safe. */
  readonly onWritten?: (writes: readonly Write[]) => void;
  /** Told of work that failed and will be tried again. */
  readonly onTrouble?: (job: Job, error: unknown) => void;
}

/** A whole hub in one process and one file. */
export interface EmbeddedHub {
  readonly hub: Hub;
  readonly connections: Connections;
  readonly db: HubDatabase;
  readonly jobs: Jobs;
  readonly worker: Worker;
  receive(to: { vendor?: string; connection?: string }, request: RawRequest): Promise<RawResponse>;
  /** Tries something held in quarantine again. */
  replay(id: string): Promise<void>;
  /** Asks a stream for what changed since it was last asked. */
  poll(of: Pick<Polled, 'connection' | 'stream'>, most?: { readonly pages: number }): Promise<Turn>;
  /** Brings another version of the playbook into force, from now on. */
  apply(applying: Omit<Applying, 'version'>): Promise<Applied>;
  /** Does what an application left to do when the process ended; answers how many clocks moved. */
  finishApplying(): Promise<number>;
  close(): Promise<void>;
}

/** Opens the hub over its store; what was under way when it last stopped goes on once it works. */
export function openEmbeddedHub(options: EmbeddedHubOptions): EmbeddedHub {
  const { clock, secrets, publicUrl, readTexts } = options;
  const now = () => clock.now();
  // Vendors sign and limit by their own time, which the hub's may have left behind.
  const vendorsNow = clock.outside?.now ?? now;
  const db = openDatabase(options.folder, options.durability);
  const jobs = openJobs(db, () => clock.wake());
  const engine = openEngine({
    db,
    jobs,
    now,
    pace: clock.pace,
    ...rulesOf(options.playbook, options.running),
  });
  const kept = embeddedRecords(db, openItemCache(), (writes) =>
    jobs.add([...comeUps(writes), ...tellings(writes), ...accountNews(writes, now)]),
  );
  const records = listened(kept, options.onWritten);
  const playbooks = openPlaybooks(options.playbook, kept, readTexts);
  const connections: Connections = openConnections({
    ...options,
    now: vendorsNow,
    budget: {
      states: embeddedStates(kept, now),
      worker: 'hub',
      wait: clock.virtual ? undefined : setTimeout,
      tell: (trouble) => tellOps({ records, operations: connections, now }, trouble),
    },
  });
  const hub: Hub = {
    records,
    bus: embeddedBus(db, jobs, now),
    runs: engine,
    operations: options.operations ?? connections,
    mail: options.mail,
    secrets,
    get playbook() {
      return playbooks.now();
    },
    publicUrl,
    now,
    order: counter(now().getTime() * 1000),
  };
  const inbox = embeddedInbox(db, jobs, now);
  /** A step of a run, with the playbook by which that run goes. */
  const step = async (payload: unknown) => {
    const { run } = payload as { readonly run: string };
    const playbook = await playbooks.of(engine.versionOf(run));
    return runStep(playbook === playbooks.now() ? hub : { ...hub, playbook }, payload);
  };
  const functions: TaskFunctions = {
    [FUNCTIONS.Decide]: step,
    [FUNCTIONS.Act]: step,
    [FUNCTIONS.Await]: (payload) => awaitSignal(hub, payload),
  };
  const intake = {
    ...hub,
    // Spread, it would stay that of the start.
    get playbook() {
      return playbooks.now();
    },
    connections,
    here: clock.outside?.here,
  };
  const worker = openWorker({
    db,
    jobs,
    clock,
    onTrouble: options.onTrouble,
    handlers: {
      // An envelope's id is kept, because a vendor may send it again for days.
      envelope: async (job) => {
        await takeIn(intake, Envelope.parse(job.payload));
        await db.write(() => jobs.finish(job, true));
      },
      news: async (job) => {
        await dispatch(hub, job.payload as Published);
        await db.write(() => jobs.finish(job));
      },
      'come-up': async (job) => {
        await comeUp(hub, (job.payload as { personId: string }).personId);
        await db.write(() => jobs.finish(job));
      },
      'tell-ambiguous': async (job) => {
        await tellOfAmbiguous(hub);
        await tellOfCandidates(hub);
        await db.write(() => jobs.finish(job));
      },
      'account-news': async (job) => {
        await followAccount(hub, (job.payload as { accountId: string }).accountId);
        await db.write(() => jobs.finish(job));
      },
      task: (job) => engine.carryOut(job, functions),
      timer: (job) => engine.ring(job),
      ended: async (job) => {
        await endRun(hub, job.payload as EndedRun);
        await db.write(() => jobs.finish(job));
      },
    },
  });
  const receiving = { connections, inbox, records: hub.records, now };
  return {
    hub,
    connections,
    db,
    jobs,
    worker,
    receive: (to, request) => receive(receiving, to, request),
    replay: (id) => replay({ ...receiving, takeIn: (envelope) => takeIn(intake, envelope) }, id),
    async apply(applying) {
      if (readTexts === undefined) throw unchangeable();
      const next = await readTexts(applying.files);
      const takeOver = ({ running }: InForce) => {
        engine.bringIn(rulesOf(next, running));
        playbooks.replace(next);
      };
      return applyPlaybook({ hub, db, takeOver }, { ...applying, version: next.version });
    },
    finishApplying: () => moveClocks(hub, db),
    poll: (of, most) => pollStream({ ...receiving, outside: vendorsNow }, of, most),
    async close() {
      await worker.stop();
      db.close();
    },
  };
}

const rulesOf = (playbook: Playbook, running: RunningRule = 'pin') => ({
  definitions: compiled(playbook),
  version: playbook.version,
  running,
});

const unchangeable = () =>
  new HubError('defect', 'playbook_fixed', 'This hub was opened without a way to read a playbook.');

function listened(records: Records, tell: EmbeddedHubOptions['onWritten']): Records {
  if (tell === undefined) return records;
  return {
    ...records,
    write: async (writes) => {
      await records.write(writes);
      tell(writes);
    },
  };
}

/** A timer for everybody in nurture who was written; one for each time that they were given. */
function comeUps(writes: readonly Write[]): NewJob[] {
  return writes.flatMap((write): NewJob[] => {
    const due = 'put' in write ? comesUpAt(write.put) : undefined;
    if (due === undefined) return [];
    const id = comeUpJob(due);
    const { personId } = due;
    return [{ id, kind: 'come-up', group: id, dueAt: Date.parse(due.at), payload: { personId } }];
  });
}

/**
 * A timer for each time at which the channel is to be told whose account somebody has to name, and
 * who may be one.
 */
function tellings(writes: readonly Write[]): NewJob[] {
  return writes.flatMap((write): NewJob[] => {
    if (!('put' in write)) return [];
    const [account, pair] = [tellsAt(write.put), asksAt(write.put)];
    const due = account ?? pair;
    if (due === undefined) return [];
    const id = `tell-ambiguous/${account?.personId ?? pair?.pair}/${due.at}`;
    return [{ id, kind: 'tell-ambiguous', group: id, dueAt: Date.parse(due.at), payload: {} }];
  });
}

/** A job for each account of which more is known: others may have waited for that. */
function accountNews(writes: readonly Write[], now: () => Date): NewJob[] {
  return writes.flatMap((write): NewJob[] => {
    const accountId = 'put' in write ? newsIn(write.put) : undefined;
    if (accountId === undefined || !('put' in write)) return [];
    const id = `account-news/${accountId}/${write.put.version}`;
    const group = `account-news/${accountId}`;
    return [{ id, kind: 'account-news', group, dueAt: +now(), payload: { accountId } }];
  });
}

function counter(from: number): () => number {
  let count = from;
  return () => {
    count += 1;
    return count;
  };
}

/** What the compiler's placeholders are called here. */
const FUNCTIONS = { Decide: 'decide', Act: 'act', Await: 'await' } as const;

function compiled(playbook: Playbook): Record<string, unknown> {
  const workflows = Object.entries(playbook.workflows) as [string, Workflow][];
  return Object.fromEntries(
    workflows.map(([id, workflow]) => [id, substituted(compileWorkflow(workflow))]),
  );
}

function substituted(definition: unknown): unknown {
  const text = JSON.stringify(definition).replaceAll(
    /\$\{(Decide|Act|Await)\}/g,
    (_, name: keyof typeof FUNCTIONS) => FUNCTIONS[name],
  );
  return JSON.parse(text) as unknown;
}
