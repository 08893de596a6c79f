import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BATON = fileURLToPath(new URL('../../cli/baton.mjs', import.meta.url));

export interface Spoken {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of the real command line, with what it says so far. */
export interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<Spoken>;
  /** Resolves with the output once it holds such a text; fails when the process ends before. */
  says(text: string | RegExp): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

export function startBaton(words: readonly string[], cwd: string, env = {}): Started {
  const child = spawn(process.execPath, [BATON, ...words], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    for (const look of waiting) look();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<Spoken>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return {
    process: child,
    ended,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (typeof text === 'string' ? !stdout.includes(text) : !text.test(stdout)) return;
          waiting.delete(look);
          resolve(stdout);
        };
        waiting.add(look);
        look();
        ended.then(() => reject(new Error(`It never said ${text}:\n${stdout}\n${stderr}`)));
      }),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs the real command line to its end. */
export const baton = (words: readonly string[], cwd: string, env = {}): Promise<Spoken> =>
  startBaton(words, cwd, env).ended;

export interface Folder {
  readonly path: string;
  [Symbol.dispose](): void;
}

export function temporaryFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'baton-cli-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
