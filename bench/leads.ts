import type { SandboxWiring } from '#cli/sandbox/vendors.ts';
import { verifyFolder } from '#cli/store/verify-folder.ts';
import type { Benchmark, Effort, Figure } from './benchmark.ts';
import { exactly, sendLoad } from './load/http-load.ts';
import { leadRequest, WEBSITE } from './load/lead-requests.ts';
import { inTurns } from './measure/rounds.ts';
import { besideBound, figure } from './measure/samples.ts';
import { type Child, startChild } from './processes/child.ts';
import { type HubProcess, startHub } from './processes/start-hub.ts';
import { temporaryFolder } from './stores/folder.ts';

const CONNECTIONS = 16;
const SAMPLE_SECONDS = 2;

interface Sample {
  readonly perSecond: number;
  readonly cpuMs: number;
  readonly conflicts: number;
  readonly calls: number;
}

/** Leads that went from their webhook through the shipped workflow until a salesperson has them. */
export const leads: Benchmark = {
  name: 'leads',
  summary: 'leads brought from their webhook to a salesperson',
  async run(effort) {
    using folder = temporaryFolder();
    await using crm = startChild('bare-crm');
    const { url } = await crm.call<{ url: string }>('open');
    await using bare = startChild('bare-lead');
    await bare.call('open', { folder: folder.path, crm: url });

    await using vendors = startChild('vendors');
    const wiring = await vendors.call<SandboxWiring>('open');
    await using one = await startHub({ wiring: only(wiring, ['website', 'salesforce']) });
    await using all = await startHub({ wiring });
    const samplers = {
      bare: bareSampler(bare, effort),
      one: await hubSampler(one, vendors, effort),
      all: await hubSampler(all, vendors, effort),
    };
    await samplers.bare();
    const samples = await inTurns(effort, samplers);
    return [...figures(samples), verified('with a CRM', one), verified('with all vendors', all)];
  },
};

/** Leads that could get lost, as `baton verify` finds them in a store that is being worked on. */
function verified(which: string, { folder }: HubProcess): Figure {
  const { checked, findings } = verifyFolder(folder);
  const what = `findings of baton verify ${which}, ${checked.people} leads`;
  const aim = { text: '0', holds: (found: number) => found === 0 };
  return figure({ what, unit: '', samples: [findings.length], aim });
}

function only({ connections, credentials }: SandboxWiring, names: readonly string[]) {
  return { connections: connections.filter(({ name }) => names.includes(name)), credentials };
}

function bareSampler(bare: Child, effort: Effort) {
  const count = effort === 'quick' ? 100 : 3000;
  return async (): Promise<Sample> => {
    const input = { leads: count, secret: WEBSITE.secret };
    const { seconds, cpuMs } = await bare.call<{ seconds: number; cpuMs: number }>('work', input);
    return { perSecond: count / seconds, cpuMs: cpuMs / count, conflicts: 0, calls: 1 };
  };
}

/** Warms a hub up, and learns from that how many leads make a sample of the wanted length. */
async function hubSampler(hub: HubProcess, vendors: Child, effort: Effort) {
  await hub.child.call('work');
  const counter = { next: 0 };
  const take = async (count: number): Promise<Sample> => {
    const before = await hub.state();
    const callsBefore = await vendors.call<number>('requests');
    const startedAt = performance.now();
    const assigned = hub.child.call('untilAssigned', before.assigned + count);
    const next = exactly(count, (index) => leadRequest('lead', index), counter);
    await sendLoad(hub.url, { connections: CONNECTIONS, next });
    await assigned;
    const seconds = (performance.now() - startedAt) / 1000;
    const after = await hub.state();
    const calls = (await vendors.call<number>('requests')) - callsBefore;
    return {
      perSecond: count / seconds,
      cpuMs: (after.cpuMs - before.cpuMs) / count,
      conflicts: (after.conflicts - before.conflicts) / count,
      calls: calls / count,
    };
  };
  // As long as code is new to the process, a lead costs twice as much.
  const { perSecond } = await take(effort === 'quick' ? 2 : 300);
  const count = effort === 'quick' ? 4 : Math.max(12, Math.round(perSecond * SAMPLE_SECONDS));
  return () => take(count);
}

function figures({ bare, one, all }: Record<'bare' | 'one' | 'all', Sample[]>): Figure[] {
  const beside = besideBound('bare program (b)', bare);
  const own = (what: string, samples: readonly Sample[], of: 'calls' | 'conflicts') =>
    figure({ what, unit: '', samples: samples.map((taken) => taken[of]) });
  const aim = { text: '≥ 1/5', holds: (ratio: number) => ratio >= 1 / 5 };
  return [
    beside('leads assigned, a CRM and no other vendor', '/s', one, 'perSecond', aim),
    beside('  CPU per lead', 'ms', one, 'cpuMs'),
    own('  HTTP calls to vendors per lead', one, 'calls'),
    own('  writes that lost a race, per lead', one, 'conflicts'),
    beside('leads assigned, all vendors', '/s', all, 'perSecond'),
    beside('  CPU per lead', 'ms', all, 'cpuMs'),
    own('  HTTP calls to vendors per lead', all, 'calls'),
    own('  writes that lost a race, per lead', all, 'conflicts'),
  ];
}
