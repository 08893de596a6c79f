import { spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { HubError, isHubError } from '#core/errors.ts';
import { sandboxCall } from './note.ts';
import type { SandboxWiring } from './vendors.ts';

export interface AttachedSandbox extends SandboxWiring {
  /** Ends the make-believe vendors; without it they live on, as vendors do, and a hub finds them again. */
  stop(): Promise<void>;
}

const BATON = fileURLToPath(new URL('../baton.mjs', import.meta.url));
const STARTS_WITHIN_MS = 20_000;

/**
 * Finds the sandbox of a data folder, or starts one in a process of its own: vendors do not end
 * when a hub does, so a hub that was killed finds them as it left them.
 */
export async function attachSandbox(options: {
  folder: string;
  hubUrl: string;
  playbook?: string | undefined;
}): Promise<AttachedSandbox> {
  const { folder, hubUrl } = options;
  mkdirSync(folder, { recursive: true });
  const wiring = (await runningSandbox(folder)) ?? (await start(folder, options.playbook));
  await sandboxCall(folder, 'POST', '/hub', { url: hubUrl });
  return {
    ...wiring,
    stop: async () => {
      await sandboxCall(folder, 'POST', '/stop');
    },
  };
}

/** The make-believe vendors of a data folder, if they run. */
export async function runningSandbox(folder: string): Promise<SandboxWiring | undefined> {
  try {
    return (await sandboxCall(folder, 'GET', '/wiring')) as SandboxWiring;
  } catch (error) {
    if (isHubError(error) && error.code === 'sandbox_missing') return undefined;
    throw error;
  }
}

async function start(folder: string, playbook: string | undefined): Promise<SandboxWiring> {
  const log = openSync(join(folder, 'sandbox.log'), 'a');
  const words = [
    'sandbox',
    'serve',
    '--data',
    folder,
    ...(playbook === undefined ? [] : ['--playbook', playbook]),
  ];
  spawn(process.execPath, [BATON, ...words], {
    detached: true,
    stdio: ['ignore', log, log],
  }).unref();
  for (const deadline = Date.now() + STARTS_WITHIN_MS; Date.now() < deadline; await sleep(50)) {
    const wiring = await runningSandbox(folder);
    if (wiring !== undefined) return wiring;
  }
  throw new HubError(
    'config',
    'sandbox_missing',
    `The sandbox did not start: see ${join(folder, 'sandbox.log')}.`,
  );
}
