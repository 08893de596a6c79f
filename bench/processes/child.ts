import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A program in a process of its own that does what it is told by name. */
export interface Child extends AsyncDisposable {
  call<Answer>(command: string, input?: unknown): Promise<Answer>;
  /** Lets the process end in good order, so that a profile is written. */
  end(): Promise<void>;
}

interface Reply {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

let nodeOptions: readonly string[] = [];

/** Adds options of node to all children from now on, such as `--cpu-prof`. */
export function startChildrenWith(options: readonly string[]): void {
  nodeOptions = options;
}

export type Program = 'bare-crm' | 'bare-lead' | 'bare-server' | 'hub' | 'vendors';

/** Starts one of the programs of this folder. */
export function startChild(program: Program, more: readonly string[] = []): Child {
  const file = fileURLToPath(new URL(`./${program}.ts`, import.meta.url));
  const child = fork(file, [], {
    execArgv: ['--import', 'tsx', ...nodeOptions, ...more],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, (reply: Reply) => void>();
  let calls = 0;
  child.on('message', (reply: Reply) => {
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      const error = `${program} ended with ${code ?? signal}`;
      for (const [id, settle] of waiting) settle({ id, error });
      resolve();
    });
  });
  const end = async () => {
    if (child.connected) child.disconnect();
    await gone;
  };
  return {
    call: <Answer>(command: string, input?: unknown) =>
      new Promise<Answer>((resolve, reject) => {
        calls += 1;
        waiting.set(calls, ({ answer, error }) => {
          if (error === undefined) resolve(answer as Answer);
          else reject(new Error(`${program}, ${command}: ${error}`));
        });
        child.send({ id: calls, command, input });
      }),
    end,
    [Symbol.asyncDispose]: end,
  };
}
