/** Workflow runs: state machines compiled from the playbook. */
export interface Runs {
  /**
   * Starts a run of a workflow. The name is the idempotency key: the same name and input again
   * changes nothing.
   */
  start(run: { workflow: string; name: string; input: unknown }): Promise<void>;
  /**
   * Ends the wait behind a task token with a result, or with an error that the workflow catches.
   * A token that is unknown, used or timed out is no error: answers `false`.
   */
  succeed(token: string, output: unknown): Promise<boolean>;
  fail(token: string, error: string, cause: string): Promise<boolean>;
}
