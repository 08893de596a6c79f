import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark } from './benchmark.ts';
import { leadMessage, sign, WEBSITE } from './load/lead-requests.ts';
import { inTurns } from './measure/rounds.ts';
import { figure, median } from './measure/samples.ts';
import { temporaryFolder } from './stores/folder.ts';

const BATON = resolve('cli/baton.mjs');
const BUNDLES = resolve('node_modules/.cache/baton');
const BARE = `import { createServer } from 'node:http';
createServer((request, response) => response.end()).listen(Number(process.argv[2]), '127.0.0.1');`;
const WITHIN_MS = 20_000;

/** How long after its command a hub of one connection takes its first webhook. */
export const startUp: Benchmark = {
  name: 'start-up',
  summary: 'from the command until the first webhook is accepted',
  async run(effort) {
    using folder = temporaryFolder();
    const bare = join(folder.path, 'bare.mjs');
    writeFileSync(bare, BARE);
    // Whatever has changed since the last start is made one file before anything is measured.
    await firstWebhook();
    const taken = await inTurns(effort, {
      bare: () => firstAnswer((port) => [bare, port], folder.path),
      again: () => firstWebhook(),
      changed: () => {
        forgetBundles();
        return firstWebhook();
      },
    });
    const bound = { what: 'bare server', samples: taken.bare };
    return [
      figure({
        what: 'baton up',
        unit: 'ms',
        samples: taken.again,
        bound,
        aim: { text: '< 700 ms', holds: () => median(taken.again) < 700 },
      }),
      figure({
        what: 'baton up, the first time after a change',
        unit: 'ms',
        samples: taken.changed,
        bound,
      }),
    ];
  },
};

/** Without its note nobody knows of a file that was made, and it is made anew. */
function forgetBundles(): void {
  for (const checkout of readdirSync(BUNDLES)) {
    rmSync(join(BUNDLES, checkout, 'bundle.json'), { force: true });
  }
}

async function firstWebhook(): Promise<number> {
  using folder = temporaryFolder();
  const connections = [{ name: 'website', vendor: 'segment' }];
  const playbook = resolve('workflows/definitions');
  writeFileSync(join(folder.path, 'baton.json'), JSON.stringify({ connections, playbook }));
  mkdirSync(join(folder.path, '.baton'));
  const secrets = { website: { sharedSecret: WEBSITE.secret } };
  writeFileSync(join(folder.path, '.baton/secrets.json'), JSON.stringify(secrets), { mode: 0o600 });
  return await firstAnswer((port) => [BATON, 'up', '--port', port], folder.path);
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
