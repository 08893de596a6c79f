import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface BatonProcess extends AsyncDisposable {
  readonly url: string;
  /** Ends it as a loss of power would: nothing is finished, nothing is closed. */
  kill(): Promise<void>;
}

/** Starts `baton up` as a user would and waits until it says that it serves. */
export async function startBaton(words: readonly string[]): Promise<BatonProcess> {
  const child = spawn(process.execPath, ['cli/baton.mjs', 'up', '--json', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const complaints: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const { url: found } = JSON.parse(line) as { url?: string };
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) =>
      reject(new Error(`baton up ended with ${code}: ${complaints.join('')}`)),
    );
  });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = ended(child);
    child.kill('SIGKILL');
    await gone;
  };
  return { url, kill, [Symbol.asyncDispose]: kill };
}

const ended = (child: ChildProcess) =>
  new Promise<void>((resolve) => child.once('exit', () => resolve()));
