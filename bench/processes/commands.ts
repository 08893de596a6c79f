type Commands = Readonly<Record<string, (input: never) => unknown>>;

interface Call {
  readonly id: number;
  readonly command: string;
  readonly input: never;
}

/** Does what the parent process asks for, until the parent lets go. */
export function obey(commands: Commands): void {
  process.on('message', async ({ id, command, input }: Call) => {
    try {
      process.send?.({ id, answer: await commands[command]?.(input) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? error.stack : String(error) });
    }
  });
  // Said outright: open sockets and timers would keep the process.
  process.on('disconnect', () => process.exit(0));
}

/** CPU time that this process has used, in milliseconds. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
