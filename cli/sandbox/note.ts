import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import axios from 'axios';
import * as z from 'zod';
import { HubError } from '#core/errors.ts';

/** Where a sandbox notes how it is reached. */
export const SandboxNote = z.strictObject({ pid: z.number().int(), url: z.url() });
export type SandboxNote = z.infer<typeof SandboxNote>;

export const stateFile = (folder: string) => join(folder, 'sandbox.json');

function readNote(folder: string): SandboxNote | undefined {
  const file = stateFile(folder);
  if (!existsSync(file)) return undefined;
  try {
    return SandboxNote.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Cut off while it was written: as good as none.
    return undefined;
  }
}

/** Asks the sandbox of a data folder for something. */
export async function sandboxCall(
  folder: string,
  method: 'GET' | 'POST',
  path: string,
  data?: object,
): Promise<unknown> {
  const note = readNote(folder);
  const answer = note === undefined ? undefined : await ask(note, method, path, data);
  if (answer === undefined) {
    throw new HubError(
      'config',
      'sandbox_missing',
      `No sandbox is running for ${folder}: start one with 'baton up --sandbox'.`,
    );
  }
  if (answer.status >= 400) {
    throw new HubError(
      'data',
      'sandbox_refused',
      `The sandbox refused ${path}: check what you asked for with --help.`,
    );
  }
  return answer.data;
}

async function ask({ url }: SandboxNote, method: 'GET' | 'POST', path: string, data?: object) {
  try {
    return await axios.request({
      baseURL: url,
      url: path,
      method,
      data,
      timeout: 30_000,
      validateStatus: () => true,
    });
  } catch {
    return undefined;
  }
}
