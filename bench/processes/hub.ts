import { memorySecrets } from '#cli/sandbox/memory-secrets.ts';
import type { SandboxWiring } from '#cli/sandbox/vendors.ts';
import { connectors } from '#connectors/index.ts';
import type { Mail } from '#core/ports/mail.ts';
import type { Records } from '#core/ports/records.ts';
import { realClock } from '#platform/embedded/clock.ts';
import type { Durability } from '#platform/embedded/database.ts';
import { type EmbeddedHub, openEmbeddedHub } from '#platform/embedded/hub.ts';
import { serveHub } from '#platform/embedded/server.ts';
import { smtpMail } from '#platform/embedded/smtp-mail.ts';
import { loadPlaybook } from '#workflows/language/load-playbook.ts';
import { cpuMs, obey } from './commands.ts';

export interface OpenHub {
  readonly folder: string;
  readonly wiring: Pick<SandboxWiring, 'connections' | 'credentials'> & {
    readonly mail?: SandboxWiring['mail'] | undefined;
  };
  readonly durability?: Durability | undefined;
}

export interface HubState {
  readonly cpuMs: number;
  readonly assigned: number;
  readonly troubles: number;
  /** Writes that lost a race and were tried again. */
  readonly conflicts: number;
  readonly openJobs: number;
  readonly rss: number;
  readonly heapUsed: number;
}

let embedded: EmbeddedHub | undefined;
let troubles = 0;
let conflicts = 0;
const assigned = new Set<string>();
const lateness: number[] = [];
let awaited: { count: number; reached: () => void } | undefined;

function hub(): EmbeddedHub {
  if (embedded === undefined) throw new Error('The hub is not open yet.');
  return embedded;
}

async function open({ folder, wiring, durability }: OpenHub) {
  const served = await serveHub(hub, 0);
  const playbook = await loadPlaybook('workflows/definitions', { connectors });
  const { connections, credentials } = wiring;
  const startedAt = performance.now();
  embedded = openEmbeddedHub({
    folder,
    ...(durability && { durability }),
    playbook,
    connectors,
    connections,
    secrets: memorySecrets(credentials),
    mail: mailOf(wiring),
    clock: realClock(),
    publicUrl: served.url,
    onTrouble: (job, error) => {
      troubles += 1;
      process.stderr.write(`${job.kind} ${job.id}: ${String(error)}\n`);
    },
  });
  const openMs = performance.now() - startedAt;
  watchRecords(embedded);
  watchTimers(embedded);
  return { url: served.url, openMs };
}

const mailOf = ({ mail }: OpenHub['wiring']): Mail =>
  mail === undefined ? { send: async () => {} } : smtpMail(mail);

/** The hub hands its records to every use case by reference: here each assignment goes by. */
function watchRecords({ hub: inner }: EmbeddedHub): void {
  const { records } = inner;
  const watched: Records = {
    get: (key) => records.get(key),
    query: (query) => records.query(query),
    async write(writes) {
      try {
        await records.write(writes);
      } catch (error) {
        conflicts += 1;
        throw error;
      }
      for (const write of writes) if ('put' in write) noteAssigned(write.put);
    },
  };
  Object.assign(inner, { records: watched });
}

function noteAssigned({ type, data }: { type: string; data: unknown }): void {
  if (type !== 'handoff') return;
  const { id, status } = data as { id: string; status: string };
  if (status !== 'open') return;
  assigned.add(id);
  if (awaited === undefined || assigned.size < awaited.count) return;
  awaited.reached();
  awaited = undefined;
}

/** Notes how late each timer is when it is taken up. */
function watchTimers({ jobs }: EmbeddedHub): void {
  const { take } = jobs;
  Object.assign(jobs, {
    take: (now: number) => {
      const job = take(now);
      if (job !== undefined && 'kind' in job && job.kind === 'timer') {
        lateness.push(Date.now() - job.dueAt);
      }
      return job;
    },
  });
}

function state(): HubState {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const openJobs = hub().jobs.count(Date.now()).open;
  const counted = { assigned: assigned.size, troubles, conflicts, openJobs };
  return { cpuMs: cpuMs(), ...counted, rss, heapUsed };
}

obey({
  open,
  state,
  work: () => {
    void hub().worker.run();
  },
  untilAssigned: (count: number) =>
    new Promise<void>((resolve) => {
      if (assigned.size >= count) resolve();
      else awaited = { count, reached: resolve };
    }),
  timerLateness: () => lateness.splice(0),
  close: () => hub().close(),
});
