import * as z from 'zod';
import type { RawRequest } from '#connectors/kit/connector.ts';
import { ACCEPT, DATE, NOTE, PAUSE, REJECT, SNOOZE, VETO } from './actions.ts';

/** Interactivity sends a form with one field; the Events API sends JSON. */
export function readPayload(request: RawRequest): Payload | undefined {
  const text = Buffer.from(request.body).toString('utf8');
  try {
    const json = text.startsWith('{') ? text : (new URLSearchParams(text).get('payload') ?? '');
    return Payload.parse(JSON.parse(json));
  } catch {
    return undefined;
  }
}

const Payload = z.looseObject({
  type: z.string(),
  team: z.object({ id: z.string() }).nullish(),
  team_id: z.string().optional(),
  user: z.looseObject({ team_id: z.string().optional() }).optional(),
  challenge: z.string().optional(),
});
export type Payload = z.infer<typeof Payload>;

const Action = z.object({
  action_id: z.string(),
  block_id: z.string(),
  action_ts: z.string(),
  value: z.string().optional(),
  selected_option: z.object({ value: z.string() }).nullish(),
});
export type Action = z.infer<typeof Action>;

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export const Click = z.object({
  team: z.object({ id: z.string() }),
  user: z.object({ id: z.string() }),
  container: z.object({ message_ts: z.string() }),
  trigger_id: z.string().optional(),
  actions: z.array(Action),
});
export type Click = z.infer<typeof Click>;

const Field = z.looseObject({
  selected_date: z.string().nullish(),
  value: z.string().nullish(),
});

/** What a form of ours kept for itself; of any other there is no telling what it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export const Submission = z.object({
  team: z.object({ id: z.string() }),
  user: z.object({ id: z.string() }),
  view: z.object({
    id: z.string(),
    callback_id: z.literal(REJECT),
    private_metadata: z
      .string()
      .transform(parsed)
      .pipe(z.object({ handoffId: z.string(), reason: z.string() })),
    state: z.object({
      values: z.object({
        [DATE]: z.object({ [DATE]: Field }).optional(),
        [NOTE]: z.object({ [NOTE]: Field }).optional(),
      }),
    }),
  }),
});
export type Submission = z.infer<typeof Submission>;

/** What a delivery keeps of a click, or of a form that was sent. */
export const Pressed = z.strictObject({
  handoffId: z.string(),
  user: z.string(),
  action: z.enum([ACCEPT, SNOOZE, REJECT, PAUSE, VETO]),
  /** Epoch seconds. */
  at: z.string(),
  reason: z.string().optional(),
  length: z.string().optional(),
  /** Opens a form that asks for a date; good for seconds. */
  trigger: z.string().optional(),
  date: z.iso.date().optional(),
  note: z.string().optional(),
});
export type Pressed = z.infer<typeof Pressed>;
