import { connectors } from '#connectors/index.ts';
import { virtualClock } from '#platform/embedded/clock.ts';
import { type EmbeddedHub, openEmbeddedHub } from '#platform/embedded/hub.ts';
import { loadPlaybook } from '#workflows/language/load-playbook.ts';
import type { Benchmark, Effort } from './benchmark.ts';
import { leadMessage, sign, WEBSITE } from './load/lead-requests.ts';
import { roundsOf } from './measure/rounds.ts';
import { figure } from './measure/samples.ts';
import { WEBSITE_ONLY } from './processes/start-hub.ts';
import { cloneLead } from './stores/clone-lead.ts';
import { temporaryFolder } from './stores/folder.ts';
import { makeWaitingLead, type WaitingLead } from './stores/waiting-lead.ts';

const PERSONS: Record<Effort, readonly number[]> = {
  quick: [10, 100],
  default: [1_000, 10_000, 100_000],
  long: [1_000, 10_000, 100_000, 1_000_000],
};
/** What a store keeps of persons who are done with; history and ledger grow in the same proportion. */
const KEPT = new Set(['person', 'identity', 'touch']);

/** What a lead costs as the store grows: flat, if no read or write looks at more than its own. */
export const growth: Benchmark = {
  name: 'growth',
  summary: 'processor time of a lead by the number of persons that the store holds',
  async run(effort) {
    using template = temporaryFolder();
    const whole = await makeWaitingLead(template.path);
    const lead = { ...whole, items: whole.items.filter(({ type }) => KEPT.has(String(type))) };
    const stores: Awaited<ReturnType<typeof openGrown>>[] = [];
    for (const persons of PERSONS[effort]) stores.push(await openGrown(lead, persons));
    const leadsEach = effort === 'quick' ? 5 : 20;
    for (const store of stores) await store.take(leadsEach);
    // In turns, so that a noisy moment hits all sizes.
    const samples = stores.map((): number[] => []);
    for (let round = 0; round < roundsOf(effort) + 1; round += 1) {
      for (const [at, store] of stores.entries()) samples[at]?.push(await store.take(leadsEach));
    }
    for (const store of stores) await store.close();
    return samples.map((own, at) => {
      const what = `a lead with ${(PERSONS[effort][at] ?? 0).toLocaleString('en-US')} persons`;
      const smallest = { what: 'smallest store', samples: samples[0] ?? [] };
      const aim = { text: 'flat', holds: (ratio: number) => ratio < 1.3 };
      return figure({ what, unit: 'ms', samples: own, ...(at > 0 && { bound: smallest, aim }) });
    });
  },
};

/** A hub over a store with that many persons, which hears a website and nobody else. */
async function openGrown(lead: WaitingLead, persons: number) {
  const folder = temporaryFolder();
  const open = () => openHub(folder.path);
  await (await open()).close();
  cloneLead(folder.path, lead, { from: 1, count: persons, tables: ['items'] });
  const hub = await open();
  let next = 0;
  return {
    /** Milliseconds of processor time that each of so many new leads takes. */
    async take(leads: number): Promise<number> {
      const before = process.cpuUsage();
      for (let count = 0; count < leads; count += 1) {
        await receiveLead(hub, next);
        next += 1;
        await hub.worker.run(hub.hub.now());
      }
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000 / leads;
    },
    async close() {
      await hub.close();
      folder[Symbol.dispose]();
    },
  };
}

async function openHub(folder: string): Promise<EmbeddedHub> {
  const { credentials, connections } = WEBSITE_ONLY;
  return openEmbeddedHub({
    folder,
    durability: 'process-end',
    playbook: await loadPlaybook('workflows/definitions', { connectors }),
    connectors,
    connections,
    secrets: {
      credentials: async (name) => credentials[name] ?? {},
      signingKey: async () => 'a-key',
    },
    mail: { send: async () => {} },
    clock: virtualClock(new Date()),
    publicUrl: 'https://hub.example.com',
  });
}

async function receiveLead({ receive, hub }: EmbeddedHub, index: number): Promise<void> {
  const body = JSON.stringify(leadMessage('growth', index));
  const headers = { 'x-signature': sign(body, WEBSITE.secret) };
  const { path } = WEBSITE;
  const request = { method: 'POST', path, url: `${hub.publicUrl}${path}`, headers };
  const to = { vendor: 'segment', connection: 'website' };
  await receive(to, { ...request, body: Buffer.from(body) });
}
