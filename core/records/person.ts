import * as z from 'zod';
import { HubError, StepOutcome } from '#core/errors.ts';
import { ExternalRef, Instant, PersonFacts } from '#core/events.ts';
import { Recycle } from '#core/nurture/recycle.ts';
import { VendorRecord } from '#core/operations.ts';
import type { Item, Records } from '#core/ports/records.ts';
import { readExisting, type Stored } from './store.ts';

/** Who answers for a lead now: a salesperson, a nurture track, or a named queue. Never nobody. */
export const Owner = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('salesperson'), id: z.string() }),
  z.strictObject({ kind: z.literal('track'), id: z.string() }),
  z.strictObject({ kind: z.literal('queue'), id: z.string() }),
]);
export type Owner = z.infer<typeof Owner>;

/**
 * Where a person stands. `contact` is known but was never a lead; `rating` is on its way through
 * the automatic steps; the others are the outcomes that a lead can have.
 */
export const Standing = z.enum([
  'contact',
  'rating',
  'with-sales',
  'nurture',
  'declined',
  'won',
  'lost',
]);
export type Standing = z.infer<typeof Standing>;

const NextAction = z.strictObject({ what: z.string(), at: Instant });
export type NextAction = z.infer<typeof NextAction>;

/** What a hand-raiser said, kept verbatim (S1-5). */
const Capture = z.strictObject({
  at: Instant,
  form: z.string(),
  handRaiser: z.boolean(),
  need: z.string().optional(),
  timeline: z.string().optional(),
  referrer: z.string().optional(),
});
export type Capture = z.infer<typeof Capture>;

/** The list of a nurture track that somebody was put on, and when that was last found to be true. */
export const Enrolled = z.strictObject({
  connection: z.string(),
  list: z.string(),
  record: VendorRecord,
  at: Instant,
  /** Read back from the vendor; absent where it can't be. */
  provedAt: Instant.optional(),
});
export type Enrolled = z.infer<typeof Enrolled>;

/** The latest word on one of a person's service tickets. */
const Ticket = z.strictObject({
  at: Instant,
  severity: z.enum(['low', 'normal', 'high', 'severe']),
  open: z.boolean(),
});

/** The latest word on one of a person's opportunities. */
const Deal = z.strictObject({
  at: Instant,
  outcome: z.enum(['open', 'won', 'lost']),
  /** The e-mail address of who has it, or the vendor's own id where that is all the vendor tells. */
  owner: z.string().optional(),
});

/** Which account somebody said a person belongs to: no machine changes that. */
const Picked = z.strictObject({
  /** `null` for none that the hub knows. */
  accountId: z.string().nullable(),
  by: z.string(),
  at: Instant,
  why: z.string().optional(),
});
export type Picked = z.infer<typeof Picked>;

export const Person = z.strictObject({
  id: z.string(),
  facts: PersonFacts,
  /** When each fact was true, so that a late event does not undo a newer one. */
  factsAt: z.record(z.string(), Instant),
  /** Which provider told a fact, and when; it counts while nobody else has told the fact since. */
  enriched: z.record(z.string(), z.strictObject({ from: z.string(), at: Instant })).optional(),
  external: z.array(ExternalRef),
  anonymousIds: z.array(z.string()),
  accountId: z.string().optional(),
  picked: Picked.optional(),
  /** Keys of accounts that would say more of their company: under each of them they are listed. */
  awaits: z.array(z.string()).optional(),
  firstSeenAt: Instant,
  standing: Standing,
  owner: Owner,
  nextAction: NextAction,
  /** The source that first brought the person, for the closed loop. */
  source: z.string().optional(),
  /** How often the person was handed to sales; the current hand-off is the last one. */
  cycle: z.number().int().nonnegative(),
  capture: Capture.optional(),
  /** How they last came back to marketing: what their next entry goes by. */
  recycle: Recycle.optional(),
  enrolled: Enrolled.optional(),
  /** By the vendor's name of the ticket. */
  tickets: z.record(z.string(), Ticket).optional(),
  /** By the vendor's name of the deal: `connection/kind/id`. */
  deals: z.record(z.string(), Deal).optional(),
  /** Must not be contacted or handed off: erased, or consent withdrawn. */
  suppressed: z.boolean(),
  /** The latest instant of which something was found by asking: its webhook may still come. */
  backfilledAt: Instant.optional(),
  /** Set where the person turned out to be somebody else: who stands for them, and by which merge. */
  mergedInto: z.strictObject({ person: z.string(), merge: z.string() }).optional(),
  /** Everybody for whom this person stands, and for whom those stood. */
  merged: z.array(z.string()).optional(),
  /** Merges of which runs, owners and lists do not know yet. */
  merging: z.array(z.string()).optional(),
  /** Runs that ended for what turned out to be wrong, and whose workflows are to start anew. */
  resumes: z.array(z.string()).optional(),
});
export type Person = z.infer<typeof Person>;

export const personKey = (id: string) => ({ pk: `PERSON#${id}`, sk: 'PERSON' });
export const ownerPartition = (owner: Owner) => `OWNER#${owner.kind}#${owner.id}`;

/**
 * The item of a person; the index lists each owner's people by the time of their next action.
 * Somebody who was merged into another has neither: whoever read them before must read again, so
 * it throws the HubError `conflict` of a write that came too late.
 */
export function personItem(person: Person, version: number): Item {
  if (person.mergedInto !== undefined) {
    throw new HubError(
      'conflict',
      'write_conflict',
      `Person ${person.id} was merged into ${person.mergedInto.person} meanwhile.`,
    );
  }
  return {
    ...personKey(person.id),
    type: 'person',
    version,
    data: person,
    gsi1pk: ownerPartition(person.owner),
    gsi1sk: `${person.nextAction.at}#${person.id}`,
  };
}

/** The item of somebody who was merged into another: what was their own, on no owner's list. */
export const mergedItem = (person: Person, version: number): Item => ({
  ...personKey(person.id),
  type: 'merged-person',
  version,
  data: person,
});

/** A person and all for whom they stand: in their partitions lie the touches and the timeline. */
export const membersOf = ({ id, merged = [] }: Pick<Person, 'id' | 'merged'>): string[] => [
  id,
  ...merged,
];

/** How a run learns that its person was merged into another, who has a run of their own or needs none. */
export const PERSON_MERGED = 'Person.Merged';

/** Reads the person of a run. Throws the outcome `Person.Merged` where another stands for them. */
export async function readLiving(records: Records, id: string): Promise<Stored<Person>> {
  const stored = await readExisting(records, Person, personKey(id));
  const { mergedInto } = stored.data;
  if (mergedInto === undefined) return stored;
  throw new StepOutcome(
    PERSON_MERGED,
    `Person ${id} was merged into ${mergedInto.person}: this run ends here.`,
  );
}
