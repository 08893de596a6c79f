import * as z from 'zod';
import { PersonFacts } from '#core/events.ts';

/** What a connection can be used for; a playbook names roles, never vendors. */
export const Role = z.enum(['crm', 'map', 'chat', 'enrichment', 'analytics']);
export type Role = z.infer<typeof Role>;

/**
 * The hub's own status words. Each connector maps them to the picklist of its vendor, which a
 * connection may override, because picklists differ per organisation.
 */
export const LeadStatus = z.enum(['assigned', 'accepted', 'working', 'nurture', 'disqualified']);
export type LeadStatus = z.infer<typeof LeadStatus>;

/** A record in the vendor's system, as the vendor names it. */
export const VendorRecord = z.strictObject({ kind: z.string(), id: z.string() });
export type VendorRecord = z.infer<typeof VendorRecord>;

const facts = { email: z.string().optional(), facts: PersonFacts };

/**
 * The verbs that steps use, whatever the vendor. A connector that plays a role implements the
 * verbs of that role under these names and with these shapes, beside operations of its own.
 */
export const VERBS = {
  /** Finds the person's record or makes it; never touches an owner. */
  'person.upsert': {
    input: z.strictObject({ ...facts, record: VendorRecord.optional() }),
    output: z.strictObject({ record: VendorRecord, created: z.boolean() }),
  },
  /** What the vendor knows of a record, and where it went if it was converted or merged. */
  'person.read': {
    input: z.strictObject({ record: VendorRecord }),
    output: z.strictObject({ record: VendorRecord, facts: PersonFacts }),
  },
  /** Writes the owner (by e-mail address) and the status in one call. */
  'person.assign': {
    input: z.strictObject({ record: VendorRecord, owner: z.string(), status: LeadStatus }),
    output: z.strictObject({ ownerId: z.string() }),
  },
  'person.status': {
    input: z.strictObject({
      record: VendorRecord,
      status: LeadStatus,
      reason: z.string().optional(),
    }),
    output: z.strictObject({}),
  },
  'task.create': {
    input: z.strictObject({
      record: VendorRecord,
      owner: z.string(),
      subject: z.string(),
      body: z.string(),
      dueAt: z.string(),
    }),
    output: z.strictObject({ task: VendorRecord }),
  },
  /** Closes a task that nobody has to do any more (handed to somebody else, or handed back). */
  'task.close': {
    input: z.strictObject({ task: VendorRecord }),
    output: z.strictObject({}),
  },
  'list.add': {
    input: z.strictObject({ record: VendorRecord, list: z.string() }),
    output: z.strictObject({ added: z.boolean() }),
  },
  'list.remove': {
    input: z.strictObject({ record: VendorRecord, list: z.string() }),
    output: z.strictObject({ removed: z.boolean() }),
  },
  'message.post': {
    input: z.strictObject({
      /** A channel name or id, or the e-mail address of a person. */
      to: z.string(),
      title: z.string(),
      lines: z.array(z.string()),
      handoffId: z.string().optional(),
      /** Buttons; `reject` offers the reasons to choose from. */
      actions: z.array(z.enum(['accept', 'reject', 'snooze', 'pause', 'veto'])),
      /** One that goes by a date has somebody asked for it. */
      reasons: z.array(
        z.strictObject({ code: z.string(), label: z.string(), asksDate: z.boolean().optional() }),
      ),
      /** What `pause` offers to choose from. */
      pauses: z.array(z.strictObject({ reason: z.string(), length: z.string() })).optional(),
    }),
    output: z.strictObject({ channel: z.string(), message: z.string() }),
  },
  /** Replaces a message's text and takes its buttons away. */
  'message.update': {
    input: z.strictObject({
      channel: z.string(),
      message: z.string(),
      title: z.string(),
      lines: z.array(z.string()),
    }),
    output: z.strictObject({}),
  },
  'person.enrich': {
    input: z.strictObject({ email: z.string(), timeoutMs: z.number().int().positive() }),
    output: z.discriminatedUnion('status', [
      z.strictObject({
        status: z.literal('hit'),
        facts: PersonFacts,
        confidence: z.number().min(0).max(1),
      }),
      z.strictObject({ status: z.literal('miss') }),
    ]),
  },
  /** Tells analytics what became of a visitor, so that channels are judged by what they sold. */
  'conversion.report': {
    input: z.strictObject({
      /** In the order in which a visitor may come to them. */
      name: z.enum(['lead-qualified', 'opportunity-won']),
      at: z.string(),
      /** The hub's own id of the person, which says nothing about them elsewhere. */
      person: z.string(),
      email: z.string().optional(),
      /** What the person was known by as a visitor, the earliest first. */
      anonymousIds: z.array(z.string()),
      /** In the smallest unit of the currency. */
      amountMinor: z.number().int().optional(),
      currency: z.string().optional(),
      /** Where the person came from: first source, campaign, lane. */
      properties: z.record(z.string(), z.string()),
    }),
    output: z.strictObject({}),
  },
} as const;

export type Verb = keyof typeof VERBS;
export type VerbInput<V extends Verb> = z.infer<(typeof VERBS)[V]['input']>;
export type VerbOutput<V extends Verb> = z.infer<(typeof VERBS)[V]['output']>;

/** Which verbs a connector must have to play a role. */
export const ROLE_VERBS: Record<Role, readonly Verb[]> = {
  crm: [
    'person.upsert',
    'person.read',
    'person.assign',
    'person.status',
    'task.create',
    'task.close',
  ],
  map: ['person.upsert', 'list.add', 'list.remove'],
  chat: ['message.post', 'message.update'],
  enrichment: ['person.enrich'],
  analytics: ['conversion.report'],
};
