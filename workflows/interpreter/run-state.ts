/** Who runs: what the context object tells a state about its execution. */
export interface ExecutionIdentity {
  readonly executionArn: string;
  readonly executionName: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  readonly roleArn: string;
  /** ISO 8601, as `$states.context.Execution.StartTime` shows it. */
  readonly startTime: string;
  readonly redriveCount?: number;
}

/** What a step of the interpreter may know of the world; the host supplies it anew each time. */
export interface Environment {
  /** Epoch milliseconds. */
  readonly now: number;
  /** How many times as fast as outside `now` passes: calls take as long as ever. Left out: 1. */
  readonly pace?: number | undefined;
  /** Uniform in [0, 1). */
  random(): number;
  uuid(): string;
  /** Mints a task token. */
  token(): string;
  /** Whether an activity exists; left out, all do. */
  activityExists?(arn: string): boolean;
  /** Text of a stored object for an `ItemReader`; left out, or answering undefined: there is none. */
  readObject?(bucket: string, key: string): string | undefined;
  /** Stored objects whose key begins with the prefix; left out, there are none. */
  listObjects?(bucket: string, prefix: string): readonly StoredObject[];
}

/** How the service describes an object to a Map that goes over a bucket. */
export interface StoredObject {
  readonly Etag: string;
  readonly Key: string;
  /** Epoch seconds. */
  readonly LastModified: number;
  /** Bytes. */
  readonly Size: number;
  readonly StorageClass: string;
}

export type RunStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** A run between two inputs. Plain JSON: the host stores it as it is and hands it back. */
export interface RunState {
  readonly status: RunStatus;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
  readonly input: unknown;
  readonly identity: ExecutionIdentity;
  /** Number of the last history event. */
  readonly lastEventId: number;
  /** Number of the last command id or frame given out. */
  readonly lastId: number;
  readonly frames: Readonly<Record<string, Frame>>;
  /** What the host was asked for and has not answered, by command id. */
  readonly open: Readonly<Record<string, OpenCommand>>;
}

export interface OpenCommand {
  readonly purpose: 'task' | 'task-timeout' | 'heartbeat' | 'wait' | 'retry' | 'run-timeout';
  readonly frame: string;
}

/** One sequence of states on its way: the run itself, a branch, an iteration. */
export interface Frame {
  readonly id: string;
  readonly parent?: string;
  /** Where its program is found in the machine: state name and branch number in turns. */
  readonly program: readonly (string | number)[];
  /** Branch or iteration number under its parent. */
  readonly index: number;
  /** The item of a Map, for `Map.Item` of the context object. */
  readonly item?: { readonly value: unknown };
  /** A distributed Map's children are executions of their own: they leave no events here. */
  readonly silent?: boolean;
  /** The outermost of such: it does not see the variables around it. */
  readonly isolated?: boolean;
  previousEventId: number;
  /** Variables assigned in this scope; outer scopes are read through `parent`. */
  variables: Record<string, unknown>;
  visit?: Visit;
}

/** A state while it is being executed. */
export interface Visit {
  readonly state: string;
  readonly input: unknown;
  /** Epoch milliseconds. */
  readonly enteredAt: number;
  readonly enteredEventId: number;
  /** What preceded the entering: where the service hangs a failed evaluation. */
  readonly beforeEventId: number;
  retryCount: number;
  /** Attempts used of each retrier. */
  attempts: number[];
  token?: string;
  task?: OpenTask;
  children?: Children;
}

export interface OpenTask {
  readonly id: string;
  submitted: boolean;
  readonly heartbeatSeconds?: number;
  /** Epoch milliseconds of the last sign of life. */
  lastBeatAt: number;
}

/** Progress of a Parallel or Map. */
export interface Children {
  readonly inputs: readonly unknown[];
  /** Items for the context object, where they differ from the inputs. */
  readonly items: readonly unknown[];
  /** How many may run at once; 0: all. */
  readonly concurrency: number;
  /** Failures borne before the state fails. */
  readonly tolerated: number;
  results: unknown[];
  started: number;
  succeeded: number;
  /** Which ones failed. */
  failures: number[];
}

export type Command =
  | {
      readonly type: 'invoke';
      readonly id: string;
      readonly state: string;
      readonly resource: string;
      readonly arguments: unknown;
      readonly token?: string;
      /** `{RoleArn}` a definition wants the call made with. */
      readonly credentials?: unknown;
    }
  | { readonly type: 'timer'; readonly id: string; readonly at: number }
  | { readonly type: 'cancel'; readonly id: string };

export type RunInput =
  | { readonly type: 'task-submitted'; readonly id: string; readonly output: unknown }
  | { readonly type: 'task-succeeded'; readonly id: string; readonly output: unknown }
  | {
      readonly type: 'task-failed';
      readonly id: string;
      readonly error?: string;
      readonly cause?: string;
    }
  | { readonly type: 'heartbeat'; readonly id: string }
  | { readonly type: 'timer'; readonly id: string }
  | { readonly type: 'abort'; readonly error?: string; readonly cause?: string };

/**
 * One line of the history, numbered as the service numbers them. `details` carries the fields of
 * the service's event (`name`, `input`, `output`, `resource`, `error` …) with JSON parsed.
 */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What came of one input: the state to store, what to do, what happened. */
export interface Advance {
  readonly state: RunState;
  readonly commands: Command[];
  readonly history: HistoryEvent[];
}
