import type { Benchmark, Effort, Figure } from './benchmark.ts';
import { forSeconds, sendLoad } from './load/http-load.ts';
import { leadRequest, WEBSITE } from './load/lead-requests.ts';
import { inTurns } from './measure/rounds.ts';
import { besideBound, percentile } from './measure/samples.ts';
import { type Child, startChild } from './processes/child.ts';
import { startHub, WEBSITE_ONLY } from './processes/start-hub.ts';
import { temporaryFolder } from './stores/folder.ts';

/** Enough that a commit has company, and no more than a busy website has. */
const CONNECTIONS = 64;

interface Sample {
  readonly perSecond: number;
  readonly cpuMs: number;
  readonly p50: number;
  readonly p99: number;
}

/** How many webhooks a second the hub acknowledges, beside a bare server that only keeps them. */
export const acknowledgement: Benchmark = {
  name: 'acknowledgement',
  summary: 'webhooks acknowledged, durably kept',
  async run(effort) {
    using folder = temporaryFolder();
    await using bare = startChild('bare-server');
    const opened = { folder: folder.path, secret: WEBSITE.secret };
    const { url } = await bare.call<{ url: string }>('open', opened);
    await using idle = await startHub({ wiring: WEBSITE_ONLY });
    await using busy = await startHub({ wiring: WEBSITE_ONLY });
    await busy.child.call('work');

    const cpuOf = (child: Child) => () => child.call<number>('cpuMs');
    const seconds = effort === 'quick' ? 0.2 : 1.5;
    const samplers = {
      bare: sampler({ url, seconds, cpu: cpuOf(bare) }),
      idle: sampler({ url: idle.url, seconds, cpu: async () => (await idle.state()).cpuMs }),
      busy: sampler({ url: busy.url, seconds, cpu: async () => (await busy.state()).cpuMs }),
    };
    await warmUp(effort, Object.values(samplers));
    return figures(await inTurns(effort, samplers));
  },
};

function sampler(of: { url: string; seconds: number; cpu: () => Promise<number> }) {
  const counter = { next: 0 };
  return async (seconds = of.seconds): Promise<Sample> => {
    const before = await of.cpu();
    const load = await sendLoad(of.url, {
      connections: CONNECTIONS,
      next: forSeconds(seconds, (index) => leadRequest('ack', index), counter),
    });
    const cpuMs = (await of.cpu()) - before;
    return {
      perSecond: load.answered / load.seconds,
      cpuMs: cpuMs / load.answered,
      p50: percentile(load.latenciesMs, 0.5),
      p99: percentile(load.latenciesMs, 0.99),
    };
  };
}

async function warmUp(effort: Effort, samplers: ((seconds: number) => Promise<Sample>)[]) {
  for (const sample of samplers) await sample(effort === 'quick' ? 0.1 : 2);
}

function figures(samples: Record<'bare' | 'idle' | 'busy', Sample[]>): Figure[] {
  const { bare, idle, busy } = samples;
  const beside = besideBound('bare server (a)', bare);
  const aim = { text: '≥ 1/3', holds: (ratio: number) => ratio >= 1 / 3 };
  return [
    beside('acknowledged, intake waits', '/s', idle, 'perSecond', aim),
    beside('  CPU per webhook', 'ms', idle, 'cpuMs'),
    beside('  p50', 'ms', idle, 'p50'),
    beside('  p99', 'ms', idle, 'p99'),
    beside('acknowledged while leads are worked on', '/s', busy, 'perSecond'),
    beside('  p50', 'ms', busy, 'p50'),
    beside('  p99', 'ms', busy, 'p99'),
  ];
}
