import { countTouches } from '#core/engagement/count-touches.ts';
import { HubError } from '#core/errors.ts';
import type { CanonicalEvent, TouchFacts } from '#core/events.ts';
import { follow } from '#core/identity/merge/follow.ts';
import { followRecord } from '#core/identity/merge/follow-record.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Write } from '#core/ports/records.ts';
import { logItem } from '#core/records/log-entry.ts';
import type { Person } from '#core/records/person.ts';
import { untilWritten } from '#core/records/store.ts';
import { type Touch, touchesOfPerson, touchesOfVisitor, touchItem } from '#core/records/touch.ts';
import { accountWrites } from './account-writes.ts';
import { type AppliedEvent, eventItem, readApplied } from './applied-event.ts';
import { applyFacts, firstSight } from './apply-facts.ts';
import { type Age, judgeEvent, type Reception } from './back-fill.ts';
import { BACKFILLED, describeEvent } from './describe-event.ts';
import {
  type Identified,
  identify,
  identityItem,
  knownAliases,
  newPersonId,
  visitorUnknown,
} from './identify.ts';
import { joinVisitor } from './join-visitor.ts';
import { candidateWrites, identifyOne } from './merge-named.ts';
import { ownPart, personWrites } from './person-writes.ts';
import { rematch } from './rematch.ts';

type Deps = Pick<Hub, 'records' | 'bus' | 'order' | 'playbook' | 'now'>;

/** What became of an event; of one that was found by asking, whether the hub had missed it. */
type Outcome = 'applied' | 'repeat' | 'missed' | 'known';

/**
 * Applies a canonical event to the records and publishes it: once in effect, however often and in
 * whatever order it comes. What was found by asking is published only where it is news, and
 * `history` fills the records alone. Throws a HubError `data` for a signal about nobody.
 */
export async function applyEvent(
  deps: Deps,
  event: CanonicalEvent,
  age: Age = 'news',
): Promise<Outcome> {
  const seen = await readApplied(deps.records, event.id);
  if (seen?.data.published) return outcomeOf(seen.data, event);

  // An event that was applied but not published was cut off half-way: it goes on from there.
  const applied = seen?.data ?? (await untilWritten(() => writeEvent(deps, event, age)));
  if (applied.published && event.backfill !== true) return outcomeOf(applied, event);
  await joinKnownVisitor(deps, event.subject.anonymousId);
  if (!applied.published) {
    await deps.bus.publish([{ event: applied.event, personId: applied.personId }]);
    await deps.records.write([{ put: eventItem({ ...applied, published: true }, 2) }]);
  }
  return outcomeOf(applied, event);
}

/** Asked again, it answers as it did: what the webhook brought meanwhile was missed all the same. */
function outcomeOf({ event: kept, missed, published }: AppliedEvent, event: CanonicalEvent) {
  if (event.backfill !== true) return published ? 'repeat' : 'applied';
  return kept.backfill === true && missed === true ? 'missed' : 'known';
}

/** Whom the visitor's id leads to has their touches, which need not be whom the event is about. */
async function joinKnownVisitor(deps: Deps, anonymousId: string | undefined): Promise<void> {
  if (anonymousId === undefined) return;
  const { holder } = await identify(deps.records, { anonymousId });
  if (holder !== undefined) await joinVisitor(deps, anonymousId, holder);
}

/** Answers what was applied, now or by another try. */
async function writeEvent(deps: Deps, event: CanonicalEvent, age: Age): Promise<AppliedEvent> {
  const again = await readApplied(deps.records, event.id);
  if (again !== undefined) return again.data;

  const found = await identifyOne(deps, event);
  const aliases = knownAliases(event.subject);
  if (found.personId === undefined && aliases.length === 0) return writeAnonymous(deps, event, age);
  const { personId, holder, stored } = await whoeverIsMeant(deps, found, aliases);
  if (stored === undefined && event.type.startsWith('handoff.')) return writeStranger(deps, event);

  const told = toldOf(stored?.data ?? firstSight(personId, event), event, found);
  const { person, writes: moves } = await rematch(deps, event, stored?.data, told);
  const subject = { before: stored?.data, after: person };
  const judged = await judgeEvent(deps.records, event, subject, age);
  const account = await accountWrites(deps.records, event);
  const reception = event.type === 'account.changed' ? ofAccount(judged, account, age) : judged;
  const applied = appliedAs(event, reception, personId);
  const touches = reception.isNews ? touchesOf(event) : [];
  await deps.records.write([
    { put: eventItem(applied, 1), if: 'absent' },
    ...(await personWrites(deps.records, event, { ...found, stored, holder }, person)),
    ...found.unclaimed.map((alias): Write => ({ put: identityItem(alias, holder), if: 'absent' })),
    ...(reception.isNews ? [logWrite(deps, holder, event, { found, reception })] : []),
    ...touches.map((touch) => ({ put: touchItem(touchesOfPerson(holder), touch) })),
    ...(await countTouches(deps, person, touches, stored === undefined)),
    ...(await candidateWrites(deps.records, event, found)),
    ...(await followRecord(deps.records, event, stored?.data)),
    ...reception.writes,
    ...account,
    ...moves,
  ]);
  return applied;
}

/** Whoever is known, or somebody new under the strongest alias. */
async function whoeverIsMeant(
  { records }: Deps,
  { personId, holder, stored }: Identified,
  aliases: Parameters<typeof newPersonId>[0],
) {
  const id = personId ?? newPersonId(aliases);
  const known = stored ?? (await follow(records, id));
  return { personId: known?.data.id ?? id, holder: holder ?? id, stored: known };
}

const ofAccount = (judged: Reception, account: readonly Write[], age: Age): Reception =>
  judged.isNews || account.length === 0
    ? judged
    : { ...judged, isNews: true, isForBus: age === 'news' };

const appliedAs = (
  event: CanonicalEvent,
  { isNews, isForBus }: Pick<Reception, 'isNews' | 'isForBus'>,
  personId?: string,
): AppliedEvent => ({
  event,
  ...(personId === undefined ? {} : { personId }),
  published: !isForBus,
  ...(event.backfill === true ? { missed: isNews } : {}),
});

function foundByAsking(person: Person, { at }: CanonicalEvent): Person {
  const { backfilledAt = at } = person;
  return { ...person, backfilledAt: backfilledAt > at ? backfilledAt : at };
}

/** The person with what the event tells of them. */
function toldOf(person: Person, event: CanonicalEvent, found: Identified): Person {
  const learned = applyFacts(person, ofOne(event, found));
  return event.backfill === true ? foundByAsking(learned, event) : learned;
}

/** A vendor's merge gives no one the names of somebody who is kept apart from them. */
const ofOne = (event: CanonicalEvent, found: Identified): CanonicalEvent =>
  event.type === 'person.merged' && found.others.length > 0 ? ownPart(event, found) : event;

function logWrite(
  deps: Deps,
  personId: string,
  event: CanonicalEvent,
  { found, reception }: { found: Identified; reception: Reception },
): Write {
  const { title, detail } = describeEvent(event);
  const mergeWith = found.others.map(({ person }) => person.id);
  const marked = event.backfill === true ? { backfill: true, actedOn: reception.isForBus } : {};
  return {
    put: logItem(deps, personId, event.id, {
      at: event.at,
      kind: 'event',
      title: event.backfill === true ? `${title}${BACKFILLED}` : title,
      detail: { ...detail, event: event.id, mergeWith, ...marked },
    }),
  };
}

/**
 * A button may come from another hub in the same workspace: its hand-off names nobody here. What
 * sales did with people whom the hub never saw is found by the thousand where it is asked for.
 */
async function writeStranger(deps: Deps, event: CanonicalEvent): Promise<AppliedEvent> {
  if (event.backfill !== true) {
    throw new HubError(
      'data',
      'person_unknown',
      `The ${event.type} of ${event.connection} is about somebody the hub has never seen.`,
    );
  }
  const applied = appliedAs(event, { isNews: false, isForBus: false });
  await deps.records.write([{ put: eventItem(applied, 1), if: 'absent' }]);
  return applied;
}

/** A visitor nobody knows yet: only the touch is kept, to be joined when they become known. */
async function writeAnonymous(deps: Deps, event: CanonicalEvent, age: Age): Promise<AppliedEvent> {
  const { anonymousId } = event.subject;
  const touches =
    anonymousId === undefined
      ? []
      : touchesOf(event).map((touch) => ({ put: touchItem(touchesOfVisitor(anonymousId), touch) }));
  const account = await accountWrites(deps.records, event);
  const isNews = event.backfill !== true || touches.length + account.length > 0;
  const isKnownAccount = event.type === 'account.changed' && event.backfill === true;
  if (anonymousId === undefined && account.length === 0 && !isKnownAccount) {
    throw new HubError(
      'data',
      'subject_missing',
      `The ${event.type} of ${event.connection} names nobody: no e-mail address, no id, no visitor.`,
    );
  }
  const applied = appliedAs(event, { isNews, isForBus: isNews && age === 'news' });
  await deps.records.write([
    { put: eventItem(applied, 1), if: 'absent' },
    ...(anonymousId === undefined ? [] : [visitorUnknown(anonymousId)]),
    ...touches,
    ...account,
  ]);
  return applied;
}

function touchesOf(event: CanonicalEvent): Touch[] {
  const touch = touchOf(event);
  if (touch === undefined) return [];
  return [{ ...touch, id: event.id, at: event.at, connection: event.connection }];
}

/** What a salesperson would see of an event in the list of touches; a filled-in form is one. */
function touchOf(event: CanonicalEvent): TouchFacts | undefined {
  if (event.type === 'touch.recorded') return event.touch;
  if (event.type !== 'lead.captured') return undefined;
  const { form, url, campaign, referrer, bot } = event;
  return { kind: 'form-submitted', name: form, url, campaign, referrer, bot };
}
