import * as z from 'zod';
import type { Delivery } from '#connectors/kit/connector.ts';
import { countryCode } from '#connectors/kit/country.ts';
import { knownOnly } from '#connectors/kit/known.ts';
import { minorUnits } from '#connectors/kit/money.ts';
import { namedDateIn } from '#connectors/kit/named-date.ts';
import type { PersonFacts, TranslatedEvent } from '#core/events.ts';
import { PipedriveActivity, PipedriveDeal, PipedrivePerson } from './api.ts';
import type { PipedriveContext } from './credentials.ts';
import { actor, ownerOf } from './owners.ts';

/** One change, whether a webhook told it or a stream found it. */
export const Change = z.object({
  entity: z.enum(['person', 'deal', 'activity']),
  data: z.unknown(),
  /** What some fields were before; a stream does not know. */
  previous: z.record(z.string(), z.unknown()).nullish(),
  /** Who changed it; a stream does not know. */
  userId: z.number().nullish(),
});
export type Change = z.infer<typeof Change>;

/** The same state of a record has the same key, however it became known. */
export function deliveryOf(change: Change): Delivery {
  const { id, update_time } = z
    .object({ id: z.number(), update_time: z.string().nullish() })
    .parse(change.data);
  return {
    dedupeKey: `${change.entity}:${id}:${update_time ?? ''}`,
    group: `${change.entity}:${id}`,
    body: change,
  };
}

/** What a change means; nothing when it is an echo of what the hub wrote. */
export async function eventsOf(
  delivery: Delivery & { readonly receivedAt: string },
  context: PipedriveContext,
): Promise<TranslatedEvent[]> {
  const change = Change.parse(delivery.body);
  if (change.userId === context.settings.userId) return [];
  const news = { sourceId: delivery.dedupeKey, receivedAt: delivery.receivedAt };
  switch (change.entity) {
    case 'person':
      return personEvents(PipedrivePerson.parse(change.data), change, news, context);
    case 'deal':
      return dealEvents(PipedriveDeal.parse(change.data), news, context);
    case 'activity':
      return activityEvents(PipedriveActivity.parse(change.data), news, context);
  }
}

interface News {
  readonly sourceId: string;
  readonly receivedAt: string;
}

/** Times without a zone are in UTC. */
const instant = (text: string | null | undefined, { receivedAt }: News): string =>
  text ? new Date(/Z$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`).toISOString() : receivedAt;

const subjectOf = (context: PipedriveContext, id: number, email?: string) => ({
  external: [{ connection: context.connection, kind: 'person', id: String(id) }],
  ...(email ? { email } : {}),
});

async function personEvents(
  person: PipedrivePerson,
  { previous, userId }: Change,
  news: News,
  context: PipedriveContext,
): Promise<TranslatedEvent[]> {
  const facts = await factsOf(person, context);
  const common = {
    at: instant(person.update_time, news),
    sourceId: news.sourceId,
    subject: subjectOf(context, person.id, facts.email),
  };
  const events: TranslatedEvent[] = [{ ...common, type: 'person.changed', person: facts }];
  const moved = previous !== null && previous !== undefined && 'owner_id' in previous;
  if (moved && person.owner_id) {
    const by = await actor(context, person.owner_id);
    events.push({ ...common, type: 'handoff.accepted', by, via: 'crm', asOwner: true });
  }
  const added = labelsAdded(person, previous);
  const { acceptedLabels, rejectedLabels, namedDateField = '' } = context.settings;
  const reason = added.map((label) => rejectedLabels[String(label)]).find(Boolean);
  if (userId && reason !== undefined) {
    const by = await actor(context, userId);
    const named = namedDateIn(person.custom_fields?.[namedDateField]);
    events.push({ ...common, type: 'handoff.rejected', by, via: 'crm', reason, ...named });
  } else if (userId && added.some((label) => acceptedLabels.includes(label))) {
    const by = await actor(context, userId);
    events.push({ ...common, type: 'handoff.accepted', by, via: 'crm' });
  }
  return events;
}

function labelsAdded(person: PipedrivePerson, previous: Change['previous']): number[] {
  if (previous === null || previous === undefined || !('label_ids' in previous)) return [];
  const before = z.array(z.number()).nullish().parse(previous['label_ids']) ?? [];
  return (person.label_ids ?? []).filter((label) => !before.includes(label));
}

/** What is known of a person, in the hub's words. */
export async function factsOf(
  person: PipedrivePerson,
  context: PipedriveContext,
): Promise<PersonFacts> {
  const [firstName, ...rest] = (person.name ?? '').split(' ');
  const first = (values: PipedrivePerson['emails']) =>
    (values?.find(({ primary }) => primary) ?? values?.[0])?.value;
  const custom = Object.entries(context.settings.fields).flatMap(([fact, field]) => {
    const value = person.custom_fields?.[field];
    return typeof value === 'string' ? [[fact, value]] : [];
  });
  return knownOnly({
    email: first(person.emails),
    phone: first(person.phones),
    ...(rest.length === 0 ? { lastName: firstName } : { firstName, lastName: rest.join(' ') }),
    ...placed(Object.fromEntries(custom) as PersonFacts),
    owner: await ownerOf(context, person.owner_id),
  });
}

/** A country in whatever words the account uses; one that is none of these is not known. */
const placed = ({ country, ...facts }: PersonFacts): PersonFacts => ({
  ...facts,
  ...knownOnly({ country: countryCode(country ?? '') }),
});

async function dealEvents(
  deal: PipedriveDeal,
  news: News,
  context: PipedriveContext,
): Promise<TranslatedEvent[]> {
  if (!deal.person_id) return [];
  const owner = await ownerOf(context, deal.owner_id);
  return [
    {
      type: 'opportunity.changed',
      at: instant(deal.update_time, news),
      sourceId: news.sourceId,
      subject: subjectOf(context, deal.person_id),
      opportunity: {
        ref: { connection: context.connection, kind: 'deal', id: String(deal.id) },
        ...opportunityOf(deal),
        ...(owner !== undefined && { owner }),
      },
    },
  ];
}

/** A deal in the hub's words; a stage is known by its id. */
export function opportunityOf({ title, value, currency, status, stage_id }: PipedriveDeal) {
  const amountMinor = minorUnits(value, currency ?? undefined);
  const outcome: 'won' | 'lost' | 'open' = status === 'won' || status === 'lost' ? status : 'open';
  return {
    stage: String(stage_id),
    outcome,
    ...(title && { name: title }),
    ...(amountMinor === undefined ? {} : { amountMinor }),
    ...(currency && { currency }),
  };
}

const WORK = { call: 'call', email: 'email', meeting: 'meeting' } as const;

/** Only what is done, for a person. */
async function activityEvents(
  activity: PipedriveActivity,
  news: News,
  context: PipedriveContext,
): Promise<TranslatedEvent[]> {
  const { done, owner_id, person_id, type, subject } = activity;
  if (!done || !owner_id || !person_id || owner_id === context.settings.userId) return [];
  return [
    {
      type: 'handoff.worked',
      at: instant(activity.update_time, news),
      sourceId: news.sourceId,
      subject: subjectOf(context, person_id),
      by: await actor(context, owner_id),
      via: 'crm',
      activity: WORK[type as keyof typeof WORK] ?? 'task',
      ...(subject && { summary: subject }),
    },
  ];
}
