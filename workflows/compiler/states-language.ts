/**
 * The part of Amazon States Language that a compiled workflow uses, always in JSONata.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
 */
export interface StateMachineDefinition {
  readonly Comment: string;
  readonly QueryLanguage: 'JSONata';
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}

export type State = TaskState | ChoiceState | WaitState | SucceedState | FailState;
/** JSON in which a string `{% … %}` is a JSONata expression. */
export type Template = Readonly<Record<string, unknown>>;

export interface TaskState {
  readonly Type: 'Task';
  readonly Comment?: string;
  readonly Resource: string;
  readonly Arguments: Template;
  /** A number of seconds, or an expression that gives one. */
  readonly TimeoutSeconds: number | string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Assign?: Template;
  readonly Output?: Template;
  readonly Next?: string;
  readonly End?: true;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: 'FULL' | 'NONE';
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Assign?: Template;
  readonly Output?: Template;
  readonly Next: string;
}

export interface ChoiceState {
  readonly Type: 'Choice';
  readonly Comment?: string;
  readonly Choices: readonly {
    readonly Condition: string;
    readonly Assign?: Template;
    readonly Next: string;
  }[];
  readonly Default: string;
}

export interface WaitState {
  readonly Type: 'Wait';
  readonly Comment: string;
  /** An expression that gives a number. */
  readonly Seconds: string;
  readonly Output: Template;
  readonly Next: string;
}

interface SucceedState {
  readonly Type: 'Succeed';
  readonly Comment?: string;
  readonly Output: Template;
}

interface FailState {
  readonly Type: 'Fail';
  readonly Comment: string;
  readonly Error: string;
  readonly Cause: string;
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html */
export const INVOKE = 'arn:aws:states:::lambda:invoke';
export const WAIT_FOR_TOKEN = `${INVOKE}.waitForTaskToken`;

/** Marks a JSONata expression inside a template. */
export const expression = (source: string) => `{% ${source} %}`;
