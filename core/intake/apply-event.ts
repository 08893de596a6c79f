import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import { CanonicalEvent, type TouchFacts } from '#core/events.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Item, Records, Write } from '#core/ports/records.ts';
import { Account, accountIdOf, accountItem, accountKey } from '#core/records/account.ts';
import { logItem } from '#core/records/log-entry.ts';
import { Person, personItem, personKey } from '#core/records/person.ts';
import { read, untilWritten } from '#core/records/store.ts';
import { touchesOfPerson, touchesOfVisitor, touchItem } from '#core/records/touch.ts';
import { applyFacts, firstSight } from './apply-facts.ts';
import { describeEvent } from './describe-event.ts';
import { identify, identityItem, knownAliases, newPersonId, visitorUnknown } from './identify.ts';
import { joinVisitor } from './join-visitor.ts';

/** An event as kept: the proof that it was applied, and whether the bus has it. */
const AppliedEvent = z.strictObject({
  event: CanonicalEvent,
  personId: z.string().optional(),
  published: z.boolean(),
});
type AppliedEvent = z.infer<typeof AppliedEvent>;

const eventKey = (id: string) => ({ pk: `EVENT#${id}`, sk: 'EVENT' });

type Deps = Pick<Hub, 'records' | 'bus' | 'order'>;

/**
 * Applies a canonical event to the records and publishes it: once in effect, however often and in
 * whatever order it comes. Throws a HubError `data` for a signal about nobody.
 */
export async function applyEvent(deps: Deps, event: CanonicalEvent): Promise<'applied' | 'repeat'> {
  const seen = await read(deps.records, AppliedEvent, eventKey(event.id));
  if (seen?.data.published) return 'repeat';

  // An event that was applied but not published was cut off half-way: it goes on from there.
  const applied = seen?.data ?? (await untilWritten(() => writeEvent(deps, event)));
  if (applied === undefined) return 'repeat';
  await joinKnownVisitor(deps.records, event.subject.anonymousId);
  await deps.bus.publish([{ event: applied.event, personId: applied.personId }]);
  await deps.records.write([{ put: eventItem({ ...applied, published: true }, 2) }]);
  return 'applied';
}

/** Whom the visitor's id leads to has their touches, which need not be whom the event is about. */
async function joinKnownVisitor(records: Records, anonymousId: string | undefined): Promise<void> {
  if (anonymousId === undefined) return;
  const { personId } = await identify(records, { anonymousId });
  if (personId !== undefined) await joinVisitor(records, anonymousId, personId);
}

/** An event that was applied, by its id. */
export async function appliedEvent(
  records: Deps['records'],
  id: string,
): Promise<CanonicalEvent | undefined> {
  return (await read(records, AppliedEvent, eventKey(id)))?.data.event;
}

async function writeEvent(deps: Deps, event: CanonicalEvent): Promise<AppliedEvent | undefined> {
  const again = await read(deps.records, AppliedEvent, eventKey(event.id));
  if (again !== undefined) return again.data.published ? undefined : again.data;

  const found = await identify(deps.records, event.subject);
  const aliases = knownAliases(event.subject);
  if (found.personId === undefined && aliases.length === 0) return writeAnonymous(deps, event);
  const personId = found.personId ?? newPersonId(aliases);
  const stored = await read(deps.records, Person, personKey(personId));
  // A button may come from another hub in the same workspace: its hand-off names nobody here.
  if (stored === undefined && event.type.startsWith('handoff.')) {
    throw new HubError(
      'data',
      'person_unknown',
      `The ${event.type} of ${event.connection} is about somebody the hub has never seen.`,
    );
  }

  const person = applyFacts(stored?.data ?? firstSight(personId, event), event);
  const applied: AppliedEvent = { event, personId, published: false };
  const { title, detail } = describeEvent(event);
  const writes: Write[] = [
    { put: eventItem(applied, 1), if: 'absent' },
    {
      put: personItem(person, (stored?.version ?? 0) + 1),
      if: stored === undefined ? 'absent' : { version: stored.version },
    },
    ...found.unclaimed.map(
      (alias): Write => ({ put: identityItem(alias, personId), if: 'absent' }),
    ),
    {
      put: logItem(deps, personId, event.id, {
        at: event.at,
        kind: 'event',
        title,
        detail: { ...detail, event: event.id, mergeWith: found.others },
      }),
    },
    ...touchWrites(touchesOfPerson(personId), event),
    ...(await accountWrites(deps, event)),
  ];
  await deps.records.write(writes);
  return applied;
}

/** A visitor nobody knows yet: only the touch is kept, to be joined when they become known. */
async function writeAnonymous(deps: Deps, event: CanonicalEvent): Promise<AppliedEvent> {
  const { anonymousId } = event.subject;
  const touches =
    anonymousId === undefined ? [] : touchWrites(touchesOfVisitor(anonymousId), event);
  const account = await accountWrites(deps, event);
  if (anonymousId === undefined && account.length === 0) {
    throw new HubError(
      'data',
      'subject_missing',
      `The ${event.type} of ${event.connection} names nobody: no e-mail address, no id, no visitor.`,
    );
  }
  const applied: AppliedEvent = { event, published: false };
  await deps.records.write([
    { put: eventItem(applied, 1), if: 'absent' },
    ...(anonymousId === undefined ? [] : [visitorUnknown(anonymousId)]),
    ...touches,
    ...account,
  ]);
  return applied;
}

function touchWrites(partition: string, event: CanonicalEvent): Write[] {
  const touch = touchOf(event);
  if (touch === undefined) return [];
  return [
    {
      put: touchItem(partition, {
        ...touch,
        id: event.id,
        at: event.at,
        connection: event.connection,
      }),
    },
  ];
}

/** What a salesperson would see of an event in the list of touches; a filled-in form is one. */
function touchOf(event: CanonicalEvent): TouchFacts | undefined {
  if (event.type === 'touch.recorded') return event.touch;
  if (event.type !== 'lead.captured') return undefined;
  const { form, url, campaign, referrer } = event;
  return { kind: 'form-submitted', name: form, url, campaign, referrer };
}

async function accountWrites(deps: Deps, event: CanonicalEvent): Promise<Write[]> {
  if (event.type !== 'account.changed' || event.account.domain === undefined) return [];
  const id = accountIdOf(event.account.domain);
  const stored = await read(deps.records, Account, accountKey(id));
  const { owner, ...facts } = event.account;
  const { ownerSetBy, ownerSince = '' } = stored?.data ?? {};
  // A late event does not give an account back to whom the CRM took it from.
  const stands = owner === undefined || (ownerSetBy === 'crm' && ownerSince > event.at);
  const account: Account = {
    ...(stored?.data ?? { id }),
    ...facts,
    ...(stands ? {} : { owner, ownerSetBy: 'crm', ownerSince: event.at }),
  };
  return [
    {
      put: accountItem(account, (stored?.version ?? 0) + 1),
      if: stored === undefined ? 'absent' : { version: stored.version },
    },
  ];
}

const eventItem = (applied: AppliedEvent, version: number): Item => ({
  ...eventKey(applied.event.id),
  type: 'event',
  version,
  data: applied,
});
