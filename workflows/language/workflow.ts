import * as z from 'zod';
import { EVENT_TYPES } from '#core/events.ts';
import { Awaited } from '#core/records/handoff.ts';

/** Step ids become state names, and 80 characters is the most a state name may have. */
const LONGEST_ID = 60;

/** The state in which every run ends that could not go on; no step can have its name. */
export const FAILED = 'failed';

/** The ids of workflows and steps. */
export const Id = z
  .string()
  .max(LONGEST_ID)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens');

/** A JSONata expression, as Step Functions evaluates it. */
const Condition = z
  .string()
  .min(1)
  .meta({ description: "A JSONata condition that answers true or false: $score.rating = 'hot'" });

const EventTypes = z.enum(EVENT_TYPES);

export const Trigger = z.strictObject({
  on: z.array(EventTypes).min(1).meta({ description: 'The events that may start a run.' }),
  when: Condition.optional().meta({
    description: 'JSONata over `person` and `event`; without it every such event starts a run.',
  }),
});
export type Trigger = z.infer<typeof Trigger>;

const Note = z.string().optional().meta({ description: 'For the reader; nothing else uses it.' });

/** What every step may say. */
export const common = {
  id: Id.meta({ description: 'Names the step in the run, in reports and in `next`.' }),
  note: Note,
};

/** Where a step leads; without it to the one written below. */
export const Next = Id.optional().meta({
  description: 'The id of the step that follows; the one below if left out.',
});

export const ChooseStep = z.strictObject({
  ...common,
  choose: z
    .array(z.strictObject({ when: Condition, next: Id }))
    .min(1)
    .meta({ description: 'The first condition that holds says where to go; else `next`.' }),
  next: Next,
});
export type ChooseStep = z.infer<typeof ChooseStep>;

export const AwaitStep = z
  .strictObject({
    ...common,
    await: Awaited.meta({ description: 'The signal to wait for.' }),
    clock: z.string().meta({ description: 'The id of a clock policy of the playbook.' }),
    onBreach: Id.meta({ description: 'Where to go when the clock has run out.' }),
    onReject: Id.optional().meta({
      description:
        'Where to go when the salesperson gives the lead back; for opportunity.changed, onBreach if left out.',
    }),
    next: Next,
  })
  .refine((step) => step.onReject !== undefined || step.await === 'opportunity.changed', {
    error: '"onReject" is missing: sales may give the lead back while this waits',
  });
export type AwaitStep = z.infer<typeof AwaitStep>;

export const EndStep = z.strictObject({
  ...common,
  end: z.literal(true).meta({ description: 'The run is over, as it should be.' }),
});
export type EndStep = z.infer<typeof EndStep>;

/** Each step kind has a schema of its own, built by `useStep` of use-step.ts; this is what they share. */
export interface UseStep {
  readonly id: string;
  readonly note?: string | undefined;
  /** A kind of the step registry, or `<vendor>.<operation>`. */
  readonly use: string;
  readonly with?: Readonly<Record<string, unknown>> | undefined;
  /** Go on as if the step had not been there, once its retries are used up. */
  readonly onError?: 'continue' | undefined;
  readonly next?: string | undefined;
  /** On operations: the variable that takes the answer, and the connection to call. */
  readonly as?: string | undefined;
  readonly connection?: string | undefined;
  /** The step that follows an outcome which the step kind declares (`onExhausted`). */
  readonly [outcome: `on${string}`]: string | undefined;
}

export type Step = UseStep | ChooseStep | AwaitStep | EndStep;

/** One workflow document, as ops wrote it. */
export interface Workflow {
  readonly id: string;
  readonly note?: string | undefined;
  readonly trigger: Trigger;
  /** A person is never in two runs of one workflow. */
  readonly oneRunPer: 'person';
  readonly steps: readonly Step[];
}

/** Everything of a workflow document but its steps. */
export const head = {
  $schema: z.string().optional(),
  id: Id.meta({ description: 'Names the workflow and its state machine.' }),
  note: Note,
  trigger: Trigger,
  oneRunPer: z
    .literal('person')
    .meta({ description: 'A person is never in two runs of one workflow.' }),
};
