import type { Command } from 'commander';
import { type Paint, paintFor } from './terminal.ts';

/** What a command found out: for a program to read, and for a person. */
export interface Answer {
  readonly json: unknown;
  readonly text: (paint: Paint) => string;
  /** 1 where the command did its work and found something wrong. */
  readonly exitCode?: 0 | 1;
}

/** Makes a commander action of a function that answers: prints the answer in the form asked for. */
export function answering<Given extends unknown[]>(run: (...given: Given) => Promise<Answer>) {
  return async (...given: [...Given, Command]): Promise<void> => {
    const command = given.at(-1) as Command;
    const json = command.opts()['json'] === true;
    const answer = await run(...(given.slice(0, -1) as Given));
    const text = json
      ? JSON.stringify(answer.json, null, 2)
      : answer.text(paintFor(process.stdout, json));
    process.stdout.write(`${text.trimEnd()}\n`);
    process.exitCode = answer.exitCode ?? 0;
  };
}
