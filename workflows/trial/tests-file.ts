import * as z from 'zod';
import { Instant, PersonFacts, TouchKind } from '#core/events.ts';

const span = (sign: string) =>
  new RegExp(`^${sign}P(?=.)(\\d+D)?(T(?=.)(\\d+H)?(\\d+M)?(\\d+S)?)?$`);

/** So long after the lead came in, all in all: `+PT10M`, `+P2DT4H`. */
const After = z.string().regex(span('\\+'), 'must be a time after the start such as +PT10M');
/** So long before it came in. */
const Before = z.string().regex(span('-'), 'must be a time before the start such as -P2D');

const Given = z.strictObject({
  /** When the lead comes in; by default a Monday at nine in Berlin and at eight in London. */
  at: Instant.optional(),
  /** By which event, and whether the person asked to talk. */
  event: z.enum(['lead.captured', 'lead.qualified']).default('lead.captured'),
  handRaiser: z.boolean().default(false),
  form: z.string().default('Form'),
  person: PersonFacts,
  account: z
    .strictObject({ owner: z.string().optional(), customer: z.boolean().optional() })
    .optional(),
  touches: z
    .array(
      z.strictObject({ at: Before, kind: TouchKind, name: z.string(), url: z.string().optional() }),
    )
    .default([]),
  /** What enrichment finds; without it nobody is asked. */
  enrichment: PersonFacts.optional(),
  /** Operations that every vendor refuses. */
  refused: z.array(z.string()).default([]),
  /** What vendors answer to operations of their own. */
  answers: z.record(z.string(), z.unknown()).default({}),
});
export type Given = z.infer<typeof Given>;

const Act = z.strictObject({
  at: After,
  /** Without it, time passes until then. */
  event: z
    .enum(['accept', 'reject', 'snooze', 'work', 'open-deal', 'win', 'lose', 'ask-again'])
    .optional(),
  /** Who does it; whoever has the lead, by default. */
  by: z.string().optional(),
  reason: z.string().optional(),
  minutes: z.number().int().positive().optional(),
});
export type Act = z.infer<typeof Act>;

/** Only what is named is compared. */
const Then = z
  .strictObject({
    /** The steps that the first run went through, in order. */
    steps: z.array(z.string()),
    status: z.enum(['not started', 'running', 'succeeded', 'failed']),
    rating: z.string(),
    lane: z.string(),
    standing: z.string(),
    /** A salesperson's address, `queue:<id>` or `track:<id>`. */
    owner: z.string(),
    round: z.number().int().nonnegative(),
    reason: z.string(),
    /** Everybody who got a message or a mail, in order of the alphabet. */
    notified: z.array(z.string()),
    /** The operations that vendors were asked for, each once, in order of the alphabet. */
    operations: z.array(z.string()),
    clock: z.string(),
  })
  .partial();
export type Then = z.infer<typeof Then>;

const Test = z.strictObject({
  name: z.string().min(1),
  given: Given,
  when: z.array(Act).default([]),
  // biome-ignore lint/suspicious/noThenProperty: given, when, then is how people write tests; it is no function
  then: Then,
});
export type Test = z.infer<typeof Test>;

/** What `<workflow>.test.json` beside a workflow holds. */
export const WorkflowTests = z.strictObject({
  $schema: z.string().optional(),
  tests: z.array(Test).min(1),
});
export type WorkflowTests = z.infer<typeof WorkflowTests>;

const UNITS: Readonly<Record<string, number>> = { D: 86_400, H: 3600, M: 60, S: 1 };

/** The milliseconds of `+PT10M` or `-P2D`. */
export function spanMs(text: string): number {
  const seconds = [...text.matchAll(/(\d+)([DHMS])/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0),
    0,
  );
  return seconds * (text.startsWith('-') ? -1000 : 1000);
}
