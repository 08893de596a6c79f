import { CommanderError } from 'commander';
import { isHubError } from '#core/errors.ts';
import { type Paint, wrap } from './terminal.ts';

/** Why a command did not do its work, ready to be printed. */
export interface Failure {
  /** Stable, for programs: `store_in_use`, `unknown_option`. */
  readonly code: string;
  /** What went wrong, where, and what to do next. */
  readonly message: string;
  readonly exitCode: 1 | 2;
  /** Where in the code, for failures nobody foresaw. */
  readonly trace?: string;
}

/** What to print of anything that was thrown; `words` are what the command line was called with. */
export function failureOf(error: unknown, words: readonly string[]): Failure {
  if (error instanceof CommanderError) return misuse(error, words);
  if (isHubError(error)) {
    const { code, message, stack = '' } = error;
    return { code, message, exitCode: 1, ...(error.kind === 'defect' && { trace: stack }) };
  }
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  return {
    code: 'unforeseen',
    message: `Baton itself failed: ${message}\nPlease report it together with these lines.`,
    exitCode: 1,
    trace: stack,
  };
}

function misuse({ code, message }: CommanderError, [first = '']: readonly string[]): Failure {
  const what = message.replace(/^error: /, '').replace(/^./, (one) => one.toUpperCase());
  const command = code === 'commander.unknownCommand' || first.startsWith('-') ? '' : ` ${first}`;
  return {
    code: code.replace('commander.', '').replaceAll(/[A-Z]/g, (one) => `_${one.toLowerCase()}`),
    message: `${what}\nSee 'baton${command} --help' for what there is.`,
    exitCode: 2,
  };
}

/** One block: the message, the code dimmed. */
export function renderFailure({ code, message, trace }: Failure, paint: Paint): string {
  const lines = [`${paint.bold(paint.red('error'))}  ${wrap(message, 80, '       ').trimStart()}`];
  if (trace !== undefined) lines.push(paint.dim(wrap(trace, 500, '       ')));
  return [...lines, paint.dim(`       code: ${code}`)].join('\n');
}
