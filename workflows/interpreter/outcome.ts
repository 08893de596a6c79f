/** What a state hands on: its output and the variables it sets. */
export interface Outcome {
  readonly output: unknown;
  readonly assigned?: Readonly<Record<string, unknown>>;
}
