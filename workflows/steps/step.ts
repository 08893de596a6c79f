import type * as z from 'zod';

/**
 * Which Lambda carries a step out, hence which permissions it runs with:
 * - `decide` reads and writes the hub's own records, nothing else;
 * - `act` may also read secrets and write to vendors.
 */
export type StepLambda = 'decide' | 'act';

/** The parts of a playbook that a step can name. */
export type Referred = 'scoring model' | 'routing policy' | 'clock' | 'reason' | 'track';

/** What the language, the compiler, the schemas and the docs need to know of one kind of step. */
export interface StepKind {
  /** The word after `use`. */
  readonly kind: string;
  /** One sentence for the catalogue and for an editor's hover. */
  readonly summary: string;
  /** The shape of `with`. */
  readonly fields: z.ZodObject;
  /** Which fields name a part of the playbook, so that a name that is not there is refused. */
  readonly refers?: Readonly<Record<string, Referred>>;
  /** What those fields name where a playbook leaves them out. */
  readonly usual?: Readonly<Record<string, string>>;
  /** What the step answers: ids and decisions, never a whole record (a run holds 256 KB at most). */
  readonly output: z.ZodType;
  /** The variable that takes the answer, for conditions and for the steps that follow. */
  readonly result: string;
  readonly lambda: StepLambda;
  /** Variables the step reads: on every way to it, a step before must have set them. */
  readonly needs?: readonly string[];
  /** The run is over after this step. */
  readonly ends?: true;
  /** Used by the compiler alone; a playbook can't name it. */
  readonly internal?: true;
  /**
   * Outcomes that are no failures: the error's name, and the field of the step that says which
   * step comes next. The field is required in a playbook.
   */
  readonly outcomes?: Readonly<Record<string, string>>;
}

/** Keeps the literal types of a step kind, so that the registry knows its names. */
export function defineStep<const Kind extends StepKind>(kind: Kind): Kind {
  return kind;
}
