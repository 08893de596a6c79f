import type { Workflow } from '#workflows/language/workflow.ts';

/** What the compilation of one step may know of its workflow. */
export interface Place {
  readonly workflow: Workflow;
  /** Which step of the workflow it is. */
  readonly index: number;
  /** The variables that some state of the machine assigns. */
  readonly assigned: ReadonlySet<string>;
}
