import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import type { Benchmark } from './benchmark.ts';
import { leadMessage, sign, WEBSITE } from './load/lead-requests.ts';
import { inTurns } from './measure/rounds.ts';
import { figure, median } from './measure/samples.ts';
import { temporaryFolder } from './stores/folder.ts';

const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
const BARE = `import { createServer } from 'node:http';
createServer((request, response) => response.end()).listen(Number(process.argv[2]), '127.0.0.1');`;
const WITHIN_MS = 20_000;

/** How long after its command a hub of one connection takes its first webhook. */
export const startUp: Benchmark = {
  name: 'start-up',
  summary: 'from the command until the first webhook is accepted',
  async run(effort) {
    using folder = temporaryFolder();
    const baton = resolve('cli/baton.mjs');
    const bundle = join(folder.path, 'baton.mjs');
    const bare = join(folder.path, 'bare.mjs');
    writeFileSync(bare, BARE);
    await bundleCli(folder.path, bundle);
    const taken = await inTurns(effort, {
      bare: () => firstAnswer((port) => [bare, port], folder.path),
      sources: () => firstWebhook(baton),
      bundled: () => firstWebhook(bundle),
    });
    const upFigure = (what: string, samples: readonly number[]) =>
      figure({
        what,
        unit: 'ms',
        samples,
        bound: { what: 'bare server', samples: taken.bare },
        aim: { text: '< 700 ms', holds: () => median(samples) < 700 },
      });
    return [
      upFigure('baton up, as shipped', taken.sources),
      upFigure('baton up, bundled into one file beforehand', taken.bundled),
    ];
  },
};

/** Everything in one file but what is not JavaScript; the native binding is found beside it. */
async function bundleCli(folder: string, outfile: string): Promise<void> {
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const entry = `import { main } from ${JSON.stringify(resolve('cli/main.ts'))};
    process.exitCode = await main(process.argv.slice(2));`;
  await build({
    stdin: { contents: entry, resolveDir: process.cwd(), loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minify: true,
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    external: ['libsql'],
    logLevel: 'error',
  });
}

async function firstWebhook(program: string): Promise<number> {
  using folder = temporaryFolder();
  const connections = [{ name: 'website', vendor: 'segment' }];
  const playbook = resolve('workflows/definitions');
  writeFileSync(join(folder.path, 'baton.json'), JSON.stringify({ connections, playbook }));
  mkdirSync(join(folder.path, '.baton'));
  const secrets = { website: { sharedSecret: WEBSITE.secret } };
  writeFileSync(join(folder.path, '.baton/secrets.json'), JSON.stringify(secrets), { mode: 0o600 });
  return await firstAnswer((port) => [program, 'up', '--port', port], folder.path);
}

let lastPort = 20_000 + (process.pid % 20_000);

/** Asks again and again from the moment of the command on, as a vendor would. */
async function firstAnswer(
  words: (port: string) => readonly string[],
  cwd: string,
): Promise<number> {
  lastPort += 1;
  const port = lastPort;
  const body = JSON.stringify(leadMessage('start', port));
  const headers = {
    'content-type': 'application/json',
    'x-signature': sign(body, WEBSITE.secret),
  };
  const url = `http://127.0.0.1:${port}${WEBSITE.path}`;
  const startedAt = performance.now();
  const child = spawn(process.execPath, words(String(port)), {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    while (performance.now() - startedAt < WITHIN_MS && child.exitCode === null) {
      const status = await fetch(url, { method: 'POST', headers, body }).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status === 200) return performance.now() - startedAt;
      await sleep(5);
    }
    throw new Error(`${words(String(port)).join(' ')} took no webhook (exit ${child.exitCode}).`);
  } finally {
    await ended(child);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await gone;
}
