import * as z from 'zod';
import { Pause, Rung } from '#core/clocks/running.ts';
import { Instant } from '#core/events.ts';
import { VendorRecord } from '#core/operations.ts';
import type { Item } from '#core/ports/records.ts';
import { Lane } from '#core/scoring/model.ts';

/**
 * What a run can wait for: `opportunity.changed` means "until the opportunity is closed", and a
 * rejection ends any of them.
 */
export const Awaited = z.enum(['handoff.accepted', 'handoff.worked', 'opportunity.changed']);
export type Awaited = z.infer<typeof Awaited>;

/** A running SLA timer of one round, and how far up its ladder it is. */
export const ClockRecord = z.strictObject({
  /** `<clock>#<round>` within the hand-off. */
  id: z.string(),
  clock: z.string(),
  round: z.number().int(),
  owner: z.string(),
  /** What stops it. */
  awaits: Awaited.optional(),
  openedAt: Instant,
  deadline: Instant,
  rungs: z.array(Rung),
  /** How many rungs were acted upon. */
  climbed: z.number().int(),
  snoozes: z.number().int(),
  /** The working time, in milliseconds, that outages took and the clock gave back. */
  pausedMs: z.number().nonnegative().optional(),
  /** Set where its policy counts plain time, nights and weekends included. */
  plain: z.literal(true).optional(),
  /** The pauses its owner took, within the budget of its policy. */
  pauses: z.array(Pause).optional(),
  /** How often the manager kept the lead with its owner when the ladder was about to end. */
  vetoes: z.number().int().optional(),
  metAt: Instant.optional(),
  breachedAt: Instant.optional(),
  /** Ended without being met: handed on, handed back or rejected. */
  endedAt: Instant.optional(),
});
export type ClockRecord = z.infer<typeof ClockRecord>;

const Signal = z.strictObject({ at: Instant, event: z.string(), by: z.string(), via: z.string() });

export const Handoff = z.strictObject({
  id: z.string(),
  personId: z.string(),
  cycle: z.number().int().positive(),
  run: z.string(),
  workflow: z.string(),
  lane: Lane,
  rating: z.string(),
  policy: z.string(),
  /** Counts the owners it was given to, from 0. */
  round: z.number().int().nonnegative(),
  owner: z.string(),
  previousOwners: z.array(z.string()),
  /** Who gave it back in an earlier round; what the present owner said is among the signals. */
  rejections: z
    .array(z.strictObject({ who: z.string(), at: Instant, reason: z.string() }))
    .optional(),
  /** `merged`: the person turned out to be somebody whom sales has already. */
  status: z.enum([
    'assigning',
    'open',
    'handed-back',
    'declined',
    'won',
    'lost',
    'failed',
    'merged',
  ]),
  /** When that happened for which it was made. */
  askedAt: Instant.optional(),
  openedAt: Instant,
  /** When everybody was told of its first round: until then the system's clock ran, not a person's. */
  firstAssignedAt: Instant.optional(),
  /** The same for its current round. */
  assignedAt: Instant.optional(),
  closedAt: Instant.optional(),
  reason: z.string().optional(),
  note: z.string().optional(),
  /** The clauses of which version of the agreement passed the lead; absent where none was in force. */
  agreement: z.strictObject({ version: z.string(), clauses: z.array(z.string()) }).optional(),
  signals: z.strictObject({
    accepted: Signal.optional(),
    worked: Signal.optional(),
    opportunity: Signal.optional(),
    closed: z.strictObject({ ...Signal.shape, outcome: z.enum(['won', 'lost']) }).optional(),
    rejected: z
      .strictObject({
        ...Signal.shape,
        reason: z.string(),
        note: z.string().optional(),
        namedDate: Instant.optional(),
      })
      .optional(),
  }),
  /** The run that waits for a signal now, and for which. */
  wait: z.strictObject({ token: z.string(), awaits: z.string() }).optional(),
  clocks: z.array(ClockRecord),
  /** What its owner was last told of a grave ticket: that service speaks, keeps quiet, lets go. */
  service: z.enum(['speaks', 'quiet', 'free']).optional(),
  crm: z
    .strictObject({ connection: z.string(), record: VendorRecord, task: VendorRecord.optional() })
    .optional(),
  chat: z
    .strictObject({ connection: z.string(), channel: z.string(), message: z.string() })
    .optional(),
});
export type Handoff = z.infer<typeof Handoff>;

export const HANDOFF_PREFIX = 'HANDOFF#';

/** The id tells where the record lies: a button that carries it needs no index. */
export const handoffId = (personId: string, cycle: number) => `ho_${personId}_${cycle}`;

export function handoffKey(id: string): { pk: string; sk: string } {
  const cut = id.lastIndexOf('_');
  const cycle = id.slice(cut + 1).padStart(5, '0');
  return { pk: `PERSON#${id.slice('ho_'.length, cut)}`, sk: `${HANDOFF_PREFIX}${cycle}` };
}

export const personIdOfHandoff = (id: string) => id.slice('ho_'.length, id.lastIndexOf('_'));

export function handoffItem(handoff: Handoff, version: number): Item {
  return { ...handoffKey(handoff.id), type: 'handoff', version, data: handoff };
}

/**
 * How buttons and links name a hand-off: with its round, so that an answer to an invitation that
 * has since gone to somebody else is recognised.
 */
export const invitationOf = (handoff: Pick<Handoff, 'id' | 'round'>) =>
  `${handoff.id}.${handoff.round}`;

export function readInvitation(text: string): { id: string; round: number | undefined } {
  const dot = text.lastIndexOf('.');
  if (dot < 0) return { id: text, round: undefined };
  return { id: text.slice(0, dot), round: Number(text.slice(dot + 1)) };
}
