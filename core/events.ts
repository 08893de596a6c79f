import * as z from 'zod';

/** An instant as ISO 8601 in UTC, to the millisecond, so that instants sort as text. */
export const Instant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text).toISOString());

/** How one vendor names a record of its own. */
export const ExternalRef = z.strictObject({
  connection: z.string(),
  /** The vendor's kind of record: `lead`, `contact`, `account`, `company`, `deal`, `user`. */
  kind: z.string(),
  id: z.string(),
});
export type ExternalRef = z.infer<typeof ExternalRef>;

/** Whom an event is about, in the words of the sender; intake finds or makes the person. */
export const Subject = z.strictObject({
  email: z.string().optional(),
  anonymousId: z.string().optional(),
  userId: z.string().optional(),
  external: z.array(ExternalRef).optional(),
  /** Set where Baton itself wrote the reference: a button, a signed link, a task. */
  handoffId: z.string().optional(),
  personId: z.string().optional(),
});
export type Subject = z.infer<typeof Subject>;

/** What may be known of a person; absent means unknown, never "empty". */
export const PersonFacts = z.strictObject({
  email: z.string().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  title: z.string().optional(),
  phone: z.string().optional(),
  company: z.string().optional(),
  website: z.string().optional(),
  /** ISO 3166-1 alpha-2. */
  country: z.string().optional(),
  region: z.string().optional(),
  postcode: z.string().optional(),
  city: z.string().optional(),
  industry: z.string().optional(),
  employees: z.number().int().nonnegative().optional(),
  /** The owner's e-mail address, or the vendor's own id where that is all the vendor tells. */
  owner: z.string().optional(),
  /** The sender's own status word. */
  status: z.string().optional(),
  unsubscribed: z.boolean().optional(),
  customer: z.boolean().optional(),
  /** What the person says about where they heard of us (S1-12), kept apart from what was tracked. */
  selfReportedSource: z.string().optional(),
});
export type PersonFacts = z.infer<typeof PersonFacts>;

/** The canonical taxonomy of touches: received, opened, clicked, visited and filled in are apart (S1-7). */
export const TouchKind = z.enum([
  'email-received',
  'email-opened',
  'email-clicked',
  'page-visited',
  'asset-downloaded',
  'form-submitted',
  'webinar-registered',
  'webinar-attended',
  'ad-clicked',
  'social-engaged',
  'review-visited',
  'trial-started',
  'product-used',
  'chat-started',
  'event-attended',
  'call-held',
  'meeting-held',
]);
export type TouchKind = z.infer<typeof TouchKind>;

const Campaign = z.strictObject({
  name: z.string().optional(),
  source: z.string().optional(),
  medium: z.string().optional(),
});

/** What did something that looks like a person's deed and is none. */
export const BotClass = z.enum(['crawler', 'mail-scanner', 'link-preview', 'program']);
export type BotClass = z.infer<typeof BotClass>;

export const TouchFacts = z.strictObject({
  kind: TouchKind,
  /** What a salesperson would call it: the page's title, the asset, the webinar. */
  name: z.string(),
  url: z.string().optional(),
  campaign: Campaign.optional(),
  referrer: z.string().optional(),
  /** Set where the agent told that it is no person; the agent itself is not kept. */
  bot: BotClass.optional(),
});
export type TouchFacts = z.infer<typeof TouchFacts>;

/** Who did something to a hand-off, as the channel knows them; intake resolves it to a salesperson. */
export const Actor = z.strictObject({
  email: z.string().optional(),
  external: ExternalRef.optional(),
});
export type Actor = z.infer<typeof Actor>;

const envelope = {
  /** Deterministic: the same news twice has the same id. */
  id: z.string(),
  /** When it happened; order is by this, never by arrival. */
  at: Instant,
  receivedAt: Instant,
  connection: z.string(),
  /** The vendor's own dedupe key, or a content hash where it has none. */
  sourceId: z.string(),
  subject: Subject,
  /** Set where the hub found it by asking, because the vendor may never have told it. */
  backfill: z.literal(true).optional(),
};

const handoffSignal = { by: Actor, via: z.enum(['slack', 'email', 'crm', 'cli']) };

export const CanonicalEvent = z.discriminatedUnion('type', [
  z.strictObject({
    ...envelope,
    type: z.literal('touch.recorded'),
    touch: TouchFacts,
    person: PersonFacts.optional(),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('lead.captured'),
    person: PersonFacts,
    form: z.string(),
    /** Somebody who asked to talk to sales (S1-5); need, timeline and referrer are passed verbatim. */
    handRaiser: z.boolean(),
    need: z.string().optional(),
    timeline: z.string().optional(),
    referrer: z.string().optional(),
    campaign: Campaign.optional(),
    url: z.string().optional(),
    /** Set where the agent that sent the form told that it is no person. */
    bot: BotClass.optional(),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('lead.qualified'),
    person: PersonFacts,
    /** The programme or campaign in which the marketing automation platform qualified the lead. */
    program: z.string().optional(),
    campaign: Campaign.optional(),
  }),
  z.strictObject({ ...envelope, type: z.literal('person.changed'), person: PersonFacts }),
  z.strictObject({
    ...envelope,
    type: z.literal('person.merged'),
    into: ExternalRef,
    from: z.array(ExternalRef),
  }),
  z.strictObject({ ...envelope, type: z.literal('person.erased') }),
  z.strictObject({
    ...envelope,
    type: z.literal('account.changed'),
    account: z.strictObject({
      name: z.string().optional(),
      domain: z.string().optional(),
      owner: z.string().optional(),
      industry: z.string().optional(),
      employees: z.number().int().optional(),
      /** ISO 3166-1 alpha-2. */
      country: z.string().optional(),
      region: z.string().optional(),
      postcode: z.string().optional(),
      city: z.string().optional(),
      phone: z.string().optional(),
      customer: z.boolean().optional(),
    }),
  }),
  z.strictObject({
    ...envelope,
    ...handoffSignal,
    type: z.literal('handoff.accepted'),
    /** Set where the CRM made `by` the owner of the record: the hand-off moves with it. */
    asOwner: z.boolean().optional(),
  }),
  z.strictObject({
    ...envelope,
    ...handoffSignal,
    type: z.literal('handoff.rejected'),
    reason: z.string(),
    note: z.string().optional(),
    /** When to talk again, where the reason asks for a date. */
    namedDate: Instant.optional(),
  }),
  z.strictObject({
    ...envelope,
    ...handoffSignal,
    type: z.literal('handoff.snoozed'),
    minutes: z.number().int().positive(),
  }),
  z.strictObject({
    ...envelope,
    ...handoffSignal,
    /** The clock is to stand still, within the budget that its policy gives. */
    type: z.literal('handoff.paused'),
    reason: z.string(),
    /** How long, as people write it: `1 business day`. */
    length: z.string(),
  }),
  z.strictObject({
    ...envelope,
    ...handoffSignal,
    /** The manager keeps a lead with its owner that is about to leave them. */
    type: z.literal('handoff.vetoed'),
  }),
  z.strictObject({
    ...envelope,
    ...handoffSignal,
    type: z.literal('handoff.worked'),
    /** A status flip alone is no activity: only what a buyer could have noticed counts. */
    activity: z.enum(['call', 'email', 'meeting', 'task']),
    summary: z.string().optional(),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('opportunity.changed'),
    opportunity: z.strictObject({
      ref: ExternalRef,
      name: z.string().optional(),
      stage: z.string(),
      amountMinor: z.number().int().optional(),
      currency: z.string().optional(),
      outcome: z.enum(['open', 'won', 'lost']),
      /** The owner's e-mail address, or the vendor's own id where that is all the vendor tells. */
      owner: z.string().optional(),
    }),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('ticket.changed'),
    /** The vendor's id of the ticket; without it tickets of one severity are taken for one. */
    ticket: z.string().optional(),
    severity: z.enum(['low', 'normal', 'high', 'severe']),
    open: z.boolean(),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('survey.answered'),
    survey: z.string(),
    score: z.number(),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('usage.recorded'),
    feature: z.string(),
    amount: z.number(),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('consent.changed'),
    channel: z.enum(['email', 'phone', 'all']),
    granted: z.boolean(),
  }),
]);
export type CanonicalEvent = z.infer<typeof CanonicalEvent>;
export type EventType = CanonicalEvent['type'];
export type EventOf<T extends EventType> = Extract<CanonicalEvent, { type: T }>;

/** Omits per member, so that the union stays a union. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** What a connector's translation returns: intake adds id, connection and the time of arrival. */
export type TranslatedEvent = Without<
  CanonicalEvent,
  'id' | 'receivedAt' | 'connection' | 'backfill'
>;

/** Every event type there is, for the schemas of triggers. */
export const EVENT_TYPES = CanonicalEvent.options.map(
  (option) => option.shape.type.value,
) as EventType[];
