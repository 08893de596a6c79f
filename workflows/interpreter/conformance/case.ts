import * as z from 'zod';

/** How a task of a recorded case behaves. */
const TaskBehaviour = z.object({
  kind: z.enum(['echo', 'return', 'fail', 'hang', 'callback', 'absent']),
  value: z.unknown().optional(),
  valueRepeat: z.object({ text: z.string(), count: z.number() }).optional(),
  error: z.string().optional(),
  cause: z.string().optional(),
  delaySeconds: z.number().optional(),
  submitted: z.unknown().optional(),
});
export type TaskBehaviour = z.infer<typeof TaskBehaviour>;

/** An answer given to a task token. */
const CallbackAnswer = z.object({
  task: z.string(),
  state: z.string(),
  call: z.number(),
  action: z.enum(['success', 'failure', 'heartbeat']),
  output: z.unknown().optional(),
  error: z.string().optional(),
  cause: z.string().optional(),
  repeat: z.number().optional(),
});
export type CallbackAnswer = z.infer<typeof CallbackAnswer>;

const RecordedEvent = z.looseObject({ type: z.string(), name: z.string().optional() });
export type RecordedEvent = z.infer<typeof RecordedEvent>;

const Expectation = z.object({
  status: z.string(),
  output: z.unknown().optional(),
  error: z.string().optional(),
  cause: z.string().optional(),
  events: z.array(RecordedEvent).optional(),
  eventOrder: z.enum(['total', 'concurrent']).optional(),
  eventsMissing: z.array(z.string()).optional(),
});
export type Expectation = z.infer<typeof Expectation>;

/** One recorded run of the real service. */
export const RecordedCase = z.object({
  id: z.string(),
  area: z.string(),
  queryLanguage: z.string(),
  machineType: z.enum(['STANDARD', 'EXPRESS']),
  definition: z.unknown(),
  input: z.unknown(),
  tasks: z.record(z.string(), TaskBehaviour),
  callbacks: z.array(CallbackAnswer),
  /** Day, month and year first: `24-10-2023, 17:18:16`. */
  recorded: z.string().optional(),
  objects: z.record(z.string(), z.string()).optional(),
  expect: Expectation,
});
export type RecordedCase = z.infer<typeof RecordedCase>;
