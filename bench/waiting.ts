import { statSync } from 'node:fs';
import type { Benchmark, Effort, Figure } from './benchmark.ts';
import { forSeconds, sendLoad } from './load/http-load.ts';
import { leadRequest } from './load/lead-requests.ts';
import { roundsOf } from './measure/rounds.ts';
import { figure, percentile } from './measure/samples.ts';
import { startHub, WEBSITE_ONLY } from './processes/start-hub.ts';
import { cloneLead } from './stores/clone-lead.ts';
import { temporaryFolder } from './stores/folder.ts';
import { makeWaitingLead, type TableName, type WaitingLead } from './stores/waiting-lead.ts';

const MB = 1_000_000;
const UNIT = 10_000;
/** What only a run that waits needs; the rest of a lead stays for as long as the person does. */
const WAIT_TABLES: readonly TableName[] = ['runs', 'jobs', 'tokens'];

interface Sizes {
  /** Leads written with all their rows, for the disk. */
  readonly whole: number;
  /** Hand-offs that wait, for memory and start-up. */
  readonly waiting: number;
}

const SIZES: Record<Effort, Sizes> = {
  quick: { whole: 100, waiting: 500 },
  default: { whole: 2_000, waiting: 100_000 },
  long: { whole: 20_000, waiting: 100_000 },
};

/** What it costs that many hand-offs wait for somebody to act. */
export const waiting: Benchmark = {
  name: 'waiting',
  summary: 'hand-offs that wait: disk, memory, start-up, and how late their timers ring',
  async run(effort) {
    using template = temporaryFolder();
    const lead = await makeWaitingLead(template.path);
    return [
      ...diskFigures(effort, lead, template.path),
      ...(await memoryFigures(effort, lead)),
      await latenessFigure(effort, lead),
    ];
  },
};

function diskFigures(effort: Effort, lead: WaitingLead, folder: string): Figure[] {
  const { whole } = SIZES[effort];
  const perUnit = (count: number, tables?: readonly TableName[]) => {
    const before = statSync(`${folder}/baton.db`).size;
    const from = tables === undefined ? 1 : 5_000_000;
    cloneLead(folder, lead, { from, count, ...(tables && { tables }) });
    return (((statSync(`${folder}/baton.db`).size - before) / count) * UNIT) / MB;
  };
  return [
    figure({
      what: 'disk per 10,000 waiting: runs, timers, tokens',
      unit: 'MB',
      samples: [perUnit(whole, WAIT_TABLES)],
      aim: { text: '≤ 10 MB', holds: (value) => value <= 10 },
    }),
    figure({
      what: '  with all records, history and ledger of the lead',
      unit: 'MB',
      samples: [perUnit(whole)],
    }),
  ];
}

async function memoryFigures(effort: Effort, lead: WaitingLead): Promise<Figure[]> {
  const { waiting: count } = SIZES[effort];
  using folder = temporaryFolder();
  // The definitions that the copies run by.
  await makeWaitingLead(folder.path);
  const samplesOf = async () => {
    const samples = { heap: [] as number[], rss: [] as number[], openMs: [] as number[] };
    for (let round = 0; round < roundsOf(effort); round += 1) {
      await using hub = await startHub({ wiring: WEBSITE_ONLY, folder: folder.path });
      const { heapUsed, rss } = await hub.state();
      samples.heap.push(heapUsed);
      samples.rss.push(rss);
      samples.openMs.push(hub.openMs);
    }
    return samples;
  };
  const empty = await samplesOf();
  cloneLead(folder.path, lead, { from: 1, count, tables: WAIT_TABLES });
  const full = await samplesOf();
  const perUnit = (of: 'heap' | 'rss') =>
    full[of].map((value, round) => ((value - (empty[of][round] ?? 0)) / count / MB) * UNIT);
  return [
    figure({
      what: 'memory per 10,000 waiting (resident)',
      unit: 'MB',
      samples: perUnit('rss'),
      aim: { text: '≤ 25 MB', holds: (value) => value <= 25 },
    }),
    figure({ what: '  of it on the heap', unit: 'MB', samples: perUnit('heap') }),
    figure({
      what: `opening a store with ${count.toLocaleString('en-US')} waiting`,
      unit: 'ms',
      samples: full.openMs,
      bound: { what: 'none waiting', samples: empty.openMs },
      aim: { text: '< 5 s', holds: () => Math.max(...full.openMs) < 5_000 },
    }),
  ];
}

/** Leads come in evenly while timers fall due in between: what of the load the timers feel. */
async function latenessFigure(effort: Effort, lead: WaitingLead): Promise<Figure> {
  const seconds = effort === 'quick' ? 1 : 6;
  const leadsPerSecond = 5;
  const timersPerSecond = 10;
  using folder = temporaryFolder();
  await makeWaitingLead(folder.path);
  const firstAt = Date.now() + (effort === 'quick' ? 3_000 : 5_000);
  cloneLead(folder.path, lead, {
    from: 1,
    count: seconds * timersPerSecond,
    dueAt: (index) => firstAt + (index * 1000) / timersPerSecond,
  });
  await using hub = await startHub({ wiring: WEBSITE_ONLY, folder: folder.path });
  await hub.child.call('work');
  await new Promise((resolve) => setTimeout(resolve, firstAt - Date.now()));
  await sendLoad(hub.url, {
    connections: 16,
    perSecond: leadsPerSecond,
    next: forSeconds(seconds, (index) => leadRequest('late', index), { next: 0 }),
  });
  const lateness = await hub.child.call<number[]>('timerLateness');
  return figure({
    what: `timer lateness p99 at ${leadsPerSecond} leads/s`,
    unit: 'ms',
    samples: [percentile(lateness, 0.99)],
  });
}
