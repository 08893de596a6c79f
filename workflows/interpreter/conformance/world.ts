import { digest } from '../jsonata-functions.ts';
import type { Command, Environment, RunInput, StoredObject } from '../run-state.ts';
import type { CallbackAnswer, RecordedCase, TaskBehaviour } from './case.ts';

type Invoke = Extract<Command, { type: 'invoke' }>;

interface Pending {
  readonly at: number;
  readonly order: number;
  readonly input: Exclude<RunInput, { type: 'abort' }>;
}

/** The outside of one case: a virtual clock, the tasks as described, and what is due when. */
export interface World {
  environment(): Environment;
  carryOut(commands: readonly Command[]): void;
  /** The next thing to happen, with the clock moved to it; undefined when nothing will. */
  next(): RunInput | undefined;
}

/** Later than every fixed instant in the cases. */
const START = Date.UTC(2030, 0, 1);
/** A short breath between answers to a token, so that they are told apart on the clock. */
const CALLBACK_GAP_MS = 100;

export function simulatedWorld(recorded: RecordedCase): World {
  let now = START;
  let order = 0;
  let pending: Pending[] = [];
  const calls = new Map<string, number>();
  const numbers = sequence();

  const plan = (delayMs: number, input: Pending['input']) => {
    order += 1;
    pending.push({ at: now + delayMs, order, input });
  };
  const invoke = (command: Invoke) => {
    const key = taskKey(command);
    const call = calls.get(key) ?? 0;
    calls.set(key, call + 1);
    const behaviour = recorded.tasks[key] ?? { kind: 'absent' as const };
    const answers = recorded.callbacks.filter(
      (answer) => answer.task === key && answer.state === command.state && answer.call === call,
    );
    for (const { delayMs, input } of reactions(command, behaviour, answers)) plan(delayMs, input);
  };
  return {
    environment: () => ({
      now,
      random: () => numbers() / 2 ** 32,
      uuid: () => `00000000-0000-4000-8000-${hex(numbers())}${hex(numbers()).slice(4)}`,
      token: () => `token-${numbers()}`,
      activityExists: (arn) => recorded.tasks[arn]?.kind !== 'absent',
      readObject: (bucket, key) => recorded.objects?.[`${bucket}/${key}`],
      listObjects: (bucket, prefix) => listing(recorded, `${bucket}/`, prefix),
    }),
    carryOut(commands) {
      for (const command of commands) {
        if (command.type === 'invoke') invoke(command);
        else if (command.type === 'timer') {
          plan(command.at - now, { type: 'timer', id: command.id });
        } else pending = pending.filter(({ input }) => input.id !== command.id);
      }
    },
    next() {
      pending.sort((one, other) => one.at - other.at || one.order - other.order);
      const first = pending.shift();
      if (first === undefined) return undefined;
      now = Math.max(now, first.at);
      return first.input;
    },
  };
}

function listing(recorded: RecordedCase, bucket: string, prefix: string): StoredObject[] {
  return Object.entries(recorded.objects ?? {})
    .filter(([name]) => name.startsWith(bucket + prefix))
    .map(([name, text]) => ({
      Etag: `"${digest(text, 'MD5')}"`,
      Key: name.slice(bucket.length),
      LastModified: START / 1_000,
      Size: new TextEncoder().encode(text).length,
      StorageClass: 'STANDARD',
    }));
}

interface Reaction {
  readonly delayMs: number;
  readonly input: Pending['input'];
}

function reactions(
  command: Invoke,
  behaviour: TaskBehaviour,
  answers: readonly CallbackAnswer[],
): Reaction[] {
  const { id } = command;
  const delayMs = (behaviour.delaySeconds ?? 0) * 1_000;
  const submitted: Reaction[] =
    behaviour.submitted === undefined
      ? []
      : [{ delayMs: 0, input: { type: 'task-submitted', id, output: behaviour.submitted } }];
  switch (behaviour.kind) {
    case 'echo':
      return [...submitted, succeeds(id, delayMs, enveloped(command, payload(command)))];
    case 'return':
      return [...submitted, succeeds(id, delayMs, enveloped(command, returned(behaviour)))];
    case 'fail':
      return [...submitted, fails(id, delayMs, behaviour)];
    case 'callback':
      return [
        {
          delayMs,
          input: { type: 'task-submitted', id, output: behaviour.submitted ?? {} },
        },
        ...answers.flatMap((answer, position) => reaction(command, answer, position + 1)),
      ];
    case 'hang':
      return submitted;
    case 'absent':
      return [fails(id, delayMs, { error: 'States.TaskFailed', cause: 'no such resource' })];
    default:
      return behaviour.kind satisfies never;
  }
}

function reaction(command: Invoke, answer: CallbackAnswer, position: number): Reaction[] {
  const { id, token = '' } = command;
  const delayMs = position * CALLBACK_GAP_MS;
  if (answer.action === 'heartbeat') {
    return Array.from({ length: answer.repeat ?? 1 }, () => ({
      delayMs,
      input: { type: 'heartbeat', id },
    }));
  }
  if (answer.action === 'failure') return [fails(id, delayMs, answer)];
  return [succeeds(id, delayMs, withToken(answer.output, token))];
}

function succeeds(id: string, delayMs: number, output: unknown): Reaction {
  return { delayMs, input: { type: 'task-succeeded', id, output } };
}

function fails(
  id: string,
  delayMs: number,
  { error, cause }: { error?: string | undefined; cause?: string | undefined },
): Reaction {
  return {
    delayMs,
    input: {
      type: 'task-failed',
      id,
      ...(error !== undefined && { error }),
      ...(cause !== undefined && { cause }),
    },
  };
}

const INVOKE = /:::lambda:invoke(\.waitForTaskToken)?$/;

function taskKey(command: Invoke): string {
  if (INVOKE.test(command.resource)) return functionName(String(fieldOf(command, 'FunctionName')));
  return /:lambda:[^:]*:[^:]*:function:/.test(command.resource)
    ? functionName(command.resource)
    : command.resource;
}

function functionName(nameOrArn: string): string {
  return /:function:([^:]+)/.exec(nameOrArn)?.[1] ?? nameOrArn;
}

function fieldOf(command: Invoke, key: string): unknown {
  const given = command.arguments;
  return typeof given === 'object' && given !== null
    ? (given as Record<string, unknown>)[key]
    : undefined;
}

/** What the function gets: nothing at all becomes an empty object on the way. */
function payload(command: Invoke): unknown {
  return INVOKE.test(command.resource) ? (fieldOf(command, 'Payload') ?? {}) : command.arguments;
}

function enveloped(command: Invoke, result: unknown): unknown {
  return INVOKE.test(command.resource)
    ? { ExecutedVersion: '$LATEST', Payload: result, StatusCode: 200 }
    : result;
}

function returned({ value, valueRepeat }: TaskBehaviour): unknown {
  return valueRepeat === undefined ? value : valueRepeat.text.repeat(valueRepeat.count);
}

function withToken(output: unknown, token: string): unknown {
  const text = JSON.stringify(output ?? null);
  return JSON.parse(text.replaceAll('<task-token>', token));
}

/** Numbers that look random and are the same each time (a linear congruence). */
function sequence(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0');
}
