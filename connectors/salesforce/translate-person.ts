import { knownOnly } from '#connectors/kit/known.ts';
import { namedDateIn } from '#connectors/kit/named-date.ts';
import type { TranslatedEvent } from '#core/events.ts';
import { isNew, type News, type SalesforceChange, textOf } from './change.ts';
import type { SalesforceContext, SalesforceSettings } from './credentials.ts';
import { fieldNames, fieldText } from './fields.ts';
import { mergedInto } from './living.ts';
import { findPerson, type Person, personOf, subjectOf } from './people.ts';
import { sameId } from './records.ts';
import { actorOf } from './users.ts';

type Meaning = (
  person: Person,
  news: News,
  context: SalesforceContext,
  change: SalesforceChange,
) => Promise<TranslatedEvent> | TranslatedEvent;

export async function leadChanged(
  change: SalesforceChange,
  news: News,
  context: SalesforceContext,
): Promise<TranslatedEvent[]> {
  return told('lead', leadMeaning, change, news, context);
}

export async function contactChanged(
  change: SalesforceChange,
  news: News,
  context: SalesforceContext,
): Promise<TranslatedEvent[]> {
  return told('contact', commonMeaning, change, news, context);
}

/** The record is read in any case: an update carries what changed, and not who it is about. */
async function told(
  kind: 'lead' | 'contact',
  meaningOf: (
    change: SalesforceChange,
    person: Person,
    settings: SalesforceSettings,
  ) => Meaning | undefined,
  change: SalesforceChange,
  news: News,
  context: SalesforceContext,
): Promise<TranslatedEvent[]> {
  if (change.kind === 'DELETE') return gone(kind, change, news, context);
  const person =
    change.whole === true
      ? personOf(kind, change.fields, context.settings)
      : await findPerson(context, { kind, id: change.recordId });
  if (person === undefined) return [];
  const meaning = meaningOf(change, person, context.settings);
  return meaning === undefined ? [] : [await meaning(person, news, context, change)];
}

/**
 * A merge is told as a deletion of the loser, which only the deleted row itself knows. A deletion
 * of a person is no wish of theirs to be forgotten: it says nothing of them.
 */
async function gone(
  kind: 'lead' | 'contact',
  change: SalesforceChange,
  news: News,
  context: SalesforceContext,
): Promise<TranslatedEvent[]> {
  const loser = { kind, id: change.recordId };
  const master = textOf(change, 'MasterRecordId');
  const known = master === undefined ? undefined : { kind, id: master };
  const winner = change.whole === true ? known : await mergedInto(context, loser);
  if (winner === undefined) return [];
  const { connection } = context;
  const into = { connection, ...winner };
  const subject = { external: [into] };
  return [{ ...news, type: 'person.merged', subject, into, from: [{ connection, ...loser }] }];
}

function leadMeaning(
  change: SalesforceChange,
  person: Person,
  settings: SalesforceSettings,
): Meaning | undefined {
  if (isNew(change)) return cameFromWeb(person, settings) ? captured : changed;
  const status = newStatus(change, person);
  if (status !== undefined && settings.rejectedStatuses[status] !== undefined) return rejected;
  if (settings.acceptedStatuses.some((start) => status?.startsWith(start))) return accepted;
  // Only a salesperson converts a lead: that is more than a yes.
  if (change.changed.includes('IsConverted') && person.became !== undefined) return accepted;
  return commonMeaning(change, person, settings);
}

function commonMeaning(
  change: SalesforceChange,
  person: Person,
  settings: SalesforceSettings,
): Meaning | undefined {
  if (tookOver(change, person)) return acceptedByOwner;
  if (change.changed.includes('HasOptedOutOfEmail')) return consentChanged;
  const isTold =
    change.kind !== 'UPDATE' || change.changed.some((field) => isFact(field, settings));
  return isTold ? changed : undefined;
}

/** The fields whose change is news of a person, whatever the organisation calls its own. */
function isFact(field: string, settings: SalesforceSettings): boolean {
  return (
    FACTS.has(field) ||
    Object.values(fieldNames('Lead', settings)).includes(field) ||
    Object.values(fieldNames('Contact', settings)).includes(field)
  );
}

const FACTS = new Set('Name Email Address MailingAddress Status OwnerId LeadSource'.split(' '));

function cameFromWeb(person: Person, { webSources }: SalesforceSettings): boolean {
  return webSources.includes(fieldText(person.fields, 'LeadSource') ?? '');
}

/** The status that is news: from an update only if it changed, from a mere state always. */
function newStatus(change: SalesforceChange, person: Person): string | undefined {
  if (change.kind === 'UPDATE') {
    return change.changed.includes('Status') ? textOf(change, 'Status') : undefined;
  }
  return textOf(change, 'Status') ?? person.facts.status;
}

/**
 * Whether a user became the owner. An outbound message does not say what changed: there, only a
 * change that the owner made counts.
 */
function tookOver(change: SalesforceChange, person: Person): boolean {
  const owner = textOf(change, 'OwnerId');
  if (owner === undefined || !owner.startsWith('005')) return false;
  if (change.kind === 'NOTIFIED') {
    return sameId(change.user, owner) && sameId(person.ownerId, owner);
  }
  return change.kind === 'UPDATE' && change.changed.includes('OwnerId');
}

function changed(person: Person, news: News, { connection }: SalesforceContext) {
  const subject = subjectOf(connection, person);
  return {
    ...news,
    type: 'person.changed',
    subject,
    person: person.facts,
  } satisfies TranslatedEvent;
}

function captured(person: Person, news: News, { connection, settings }: SalesforceContext) {
  const source = fieldText(person.fields, 'LeadSource') ?? 'Web';
  const need = fieldText(person.fields, settings.needField);
  return {
    ...news,
    type: 'lead.captured',
    subject: subjectOf(connection, person),
    person: person.facts,
    form: `${source}-to-lead`,
    handRaiser: need !== undefined,
    campaign: { source: source.toLowerCase() },
    ...knownOnly({ need, timeline: fieldText(person.fields, settings.timelineField) }),
  } satisfies TranslatedEvent;
}

async function accepted(
  person: Person,
  news: News,
  context: SalesforceContext,
  change: SalesforceChange,
) {
  const by = await actorOf(context, change.user, person.ownerId);
  const subject = subjectOf(context.connection, person);
  return { ...news, type: 'handoff.accepted', subject, by, via: 'crm' } satisfies TranslatedEvent;
}

/** Whoever typed the name: it is the new owner who has the lead now. */
async function acceptedByOwner(
  person: Person,
  news: News,
  context: SalesforceContext,
  change: SalesforceChange,
) {
  const by = await actorOf(context, textOf(change, 'OwnerId'), person.ownerId);
  const subject = subjectOf(context.connection, person);
  const asOwner = true;
  return {
    ...news,
    type: 'handoff.accepted',
    subject,
    by,
    via: 'crm',
    asOwner,
  } satisfies TranslatedEvent;
}

async function rejected(
  person: Person,
  news: News,
  context: SalesforceContext,
  change: SalesforceChange,
) {
  const { reasonField, rejectedStatuses, namedDateField } = context.settings;
  const status = newStatus(change, person) ?? '';
  return {
    ...news,
    type: 'handoff.rejected',
    subject: subjectOf(context.connection, person),
    by: await actorOf(context, change.user, person.ownerId),
    via: 'crm',
    reason: fieldText(person.fields, reasonField) ?? rejectedStatuses[status] ?? 'bad_fit',
    ...namedDateIn(fieldText(person.fields, namedDateField)),
  } satisfies TranslatedEvent;
}

function consentChanged(
  person: Person,
  news: News,
  { connection }: SalesforceContext,
  change: SalesforceChange,
) {
  return {
    ...news,
    type: 'consent.changed',
    subject: subjectOf(connection, person),
    channel: 'email',
    granted: change.fields['HasOptedOutOfEmail'] !== true,
  } satisfies TranslatedEvent;
}
