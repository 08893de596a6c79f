export type QueryLanguage = 'JSONPath' | 'JSONata';

/** A sequence of states: the machine itself, a branch of a Parallel, the processor of a Map. */
export interface Program {
  readonly startAt: string;
  readonly states: Readonly<Record<string, StateNode>>;
}

/** What every state has; templates and paths are kept as written and evaluated when due. */
interface BaseNode {
  readonly name: string;
  readonly language: QueryLanguage;
  /** Absent where the state ends its sequence. */
  readonly next?: string;
  readonly assign?: unknown;
  /** JSONata mode; `undefined` means the field is absent, `null` is an output like any other. */
  readonly output?: unknown;
  /** JSONPath mode: a path, `null` for "nothing", or absent for "everything". */
  readonly inputPath?: string | null;
  readonly outputPath?: string | null;
  readonly resultPath?: string | null;
  readonly parameters?: unknown;
  readonly resultSelector?: unknown;
}

export interface Retrier {
  readonly errors: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds?: number;
  readonly jitter: boolean;
}

export interface Catcher {
  readonly errors: readonly string[];
  readonly next: string;
  readonly assign?: unknown;
  readonly output?: unknown;
  readonly resultPath?: string | null;
}

interface Recoverable {
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
}

/** A number given outright, as JSONata text, or by a path, with the name of the field it stood in. */
export interface NumberField {
  readonly field: string;
  readonly value: number | string;
}

export interface PassNode extends BaseNode {
  readonly type: 'Pass';
  readonly result?: unknown;
}

export interface SucceedNode extends BaseNode {
  readonly type: 'Succeed';
}

export interface FailNode extends BaseNode {
  readonly type: 'Fail';
  readonly error?: string;
  readonly cause?: string;
  readonly errorPath?: string;
  readonly causePath?: string;
}

export interface WaitNode extends BaseNode {
  readonly type: 'Wait';
  readonly seconds?: NumberField;
  readonly timestamp?: { readonly field: 'Timestamp' | 'TimestampPath'; readonly value: string };
}

export interface ChoiceBranch {
  readonly next: string;
  readonly assign?: unknown;
  readonly output?: unknown;
  /** JSONata mode: `{% … %}` or a literal boolean. */
  readonly condition?: string | boolean;
  /** JSONPath mode. */
  readonly rule?: ChoiceRule;
}

export type ChoiceRule =
  | { readonly kind: 'and' | 'or'; readonly rules: readonly ChoiceRule[] }
  | { readonly kind: 'not'; readonly rule: ChoiceRule }
  | {
      readonly kind: 'compare';
      readonly variable: string;
      readonly operator: string;
      readonly operand: unknown;
    };

export interface ChoiceNode extends BaseNode {
  readonly type: 'Choice';
  readonly choices: readonly ChoiceBranch[];
  readonly otherwise?: string;
}

export interface TaskNode extends BaseNode, Recoverable {
  readonly type: 'Task';
  readonly resource: string;
  readonly arguments?: unknown;
  readonly timeout?: NumberField;
  readonly heartbeat?: NumberField;
  readonly credentials?: unknown;
}

export interface ParallelNode extends BaseNode, Recoverable {
  readonly type: 'Parallel';
  readonly branches: readonly Program[];
  readonly arguments?: unknown;
}

export interface ItemReader {
  readonly resource: string;
  /** `Arguments` or `Parameters`, as written. */
  readonly request: unknown;
  readonly config: Readonly<Record<string, unknown>>;
}

export interface ItemBatcher {
  readonly maxItems?: NumberField;
  readonly maxBytes?: NumberField;
  readonly batchInput?: unknown;
}

export interface MapNode extends BaseNode, Recoverable {
  readonly type: 'Map';
  readonly processor: Program;
  readonly distributed: boolean;
  /** JSONata mode. */
  readonly items?: unknown;
  /** JSONPath mode. */
  readonly itemsPath?: string;
  readonly itemSelector?: unknown;
  readonly itemReader?: ItemReader;
  readonly itemBatcher?: ItemBatcher;
  readonly maxConcurrency?: NumberField;
  readonly toleratedCount?: NumberField;
  readonly toleratedPercentage?: NumberField;
}

export type StateNode =
  | PassNode
  | SucceedNode
  | FailNode
  | WaitNode
  | ChoiceNode
  | TaskNode
  | ParallelNode
  | MapNode;

export type RecoverableNode = TaskNode | ParallelNode | MapNode;

/** A definition that was read and found to be runnable. */
export interface Machine {
  readonly startAt: string;
  /** The definition as it was handed in. */
  readonly definition: unknown;
  readonly program: Program;
  readonly timeoutSeconds?: number;
}

/** Finds the program a frame runs: from the root, by state name and branch number in turns. */
export function programAt(machine: Machine, path: readonly (string | number)[]): Program {
  let program = machine.program;
  for (let step = 0; step < path.length; step += 2) {
    const node = program.states[String(path[step])];
    const inner =
      node?.type === 'Parallel' ? node.branches[Number(path[step + 1])] : innerProcessor(node);
    if (inner === undefined) {
      throw new RangeError(`The state at ${path.join('/')} is not part of this definition`);
    }
    program = inner;
  }
  return program;
}

function innerProcessor(node: StateNode | undefined): Program | undefined {
  return node?.type === 'Map' ? node.processor : undefined;
}
