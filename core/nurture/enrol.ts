import * as z from 'zod';
import { perform } from '#core/effects/perform.ts';
import { isHubError } from '#core/errors.ts';
import { ALERT_CHANNEL } from '#core/handoff/alert.ts';
import { forCrm, recordIn, unlessRefused } from '#core/handoff/deliver.ts';
import type { VendorRecord } from '#core/operations.ts';
import type { Hub } from '#core/ports/hub.ts';
import { barToMarketing } from '#core/protection/hold.ts';
import { logItem } from '#core/records/log-entry.ts';
import { type Enrolled, Person, personItem, personKey } from '#core/records/person.ts';
import { readExisting, untilWritten } from '#core/records/store.ts';
import { LOOK } from './place.ts';

/**
 * Puts somebody on the list of the track that owns them, if marketing may speak to them, and keeps
 * on their record that it is so. `key` names the occasion, so that a repeat does nothing.
 */
export async function enrol(hub: Hub, key: string, personId: string): Promise<void> {
  const { data: person } = await readExisting(hub.records, Person, personKey(personId));
  const list = listOf(hub, person);
  const connection = hub.operations.inRole('map')[0];
  const { enrolled } = person;
  if (enrolled !== undefined && (enrolled.list !== list || enrolled.connection !== connection))
    await leaveList(hub, person);
  else if (enrolled !== undefined) return;
  if (list === undefined || connection === undefined || person.facts.email === undefined) return;
  const bar = await barToMarketing(hub, person);
  if (bar !== undefined) {
    await note(hub, personId, `${key}/barred`, `not put on list ${list}: ${bar.because}`, {
      ...bar,
    });
    return;
  }
  const done = await unlessRefused(async () => {
    const effect = effectOf(key, personId, connection);
    const record = recordIn(person, connection) ?? (await upserted(hub, effect, person));
    await add(hub, effect('map-list'), record, list);
    const at = hub.now().toISOString();
    const member = await isMember(hub, connection, record, list);
    const proof = member === true ? { provedAt: at } : {};
    await keep(hub, personId, { connection, list, record, at, ...proof });
    return true;
  });
  if (done === undefined) await tryTomorrow(hub, personId, { connection, list });
}

const DAY_MS = 86_400_000;

/**
 * Somebody whom a vendor refuses hears from nobody while their track believes they do: the alert
 * channel is told once, and each day they are tried again, because what refuses them may be mended.
 */
async function tryTomorrow(
  hub: Hub,
  personId: string,
  of: Pick<Enrolled, 'connection' | 'list'>,
): Promise<void> {
  const at = new Date(hub.now().getTime() + DAY_MS).toISOString();
  await untilWritten(async () => {
    const { data, version } = await readExisting(hub.records, Person, personKey(personId));
    if (data.standing !== 'nurture' || data.nextAction.at <= at) return;
    const next: Person = { ...data, nextAction: { what: LOOK, at } };
    await hub.records.write([{ put: personItem(next, version + 1), if: { version } }]);
  });
  const title = `${of.connection} refuses them for list ${of.list}`;
  await raise(hub, { key: `refused/${personId}/${of.list}`, personId, title }, of);
}

/** The list that somebody belongs on now: that of their track, and nobody else's. */
function listOf(hub: Pick<Hub, 'playbook'>, { standing, owner }: Person): string | undefined {
  if (standing !== 'nurture' || owner.kind !== 'track') return undefined;
  return hub.playbook.tracks.tracks.find(({ id }) => id === owner.id)?.list;
}

const effectOf = (key: string, personId: string, connection: string) => (what: string) => ({
  key: `${key}/${what}`,
  personId,
  connection,
});
type Effect = ReturnType<ReturnType<typeof effectOf>>;

async function add(hub: Hub, effect: Effect, record: VendorRecord, list: string): Promise<void> {
  await perform(hub, {
    ...effect,
    verb: 'list.add',
    title: `onto list ${list} in ${effect.connection}`,
    input: { record, list },
  });
}

async function upserted(
  hub: Hub,
  effect: (what: string) => Effect,
  person: Person,
): Promise<VendorRecord> {
  const own = effect('map-person');
  const { record } = await perform(hub, {
    ...own,
    verb: 'person.upsert',
    title: `person written to ${own.connection}`,
    // A provider's word stays here: marketers edit their own records, and nobody asks what stands there.
    input: { email: person.facts.email, facts: forCrm(person, person.facts) },
  });
  return record;
}

/**
 * Takes somebody off the list they are on, wherever they go from there: whoever sales, service or
 * nobody speaks to hears nothing more of a track. Repeated, it does nothing.
 */
export async function leaveList(hub: Hub, person: Person): Promise<void> {
  const { enrolled } = person;
  if (enrolled === undefined) return;
  const { connection, record, list, at } = enrolled;
  await unlessRefused(() =>
    perform(hub, {
      key: `leave/${person.id}/${at}`,
      personId: person.id,
      connection,
      verb: 'list.remove',
      title: `off list ${list} in ${connection}`,
      input: { record, list },
    }),
  );
  await keep(hub, person.id, undefined, at);
}

/**
 * Looks whether somebody is on the list they are said to be on, where the vendor can tell. Who is
 * not is put there again; who is still not is told to the alert channel.
 */
export async function proveEnrolment(hub: Hub, key: string, person: Person): Promise<void> {
  const { enrolled } = person;
  if (enrolled === undefined || listOf(hub, person) !== enrolled.list)
    return enrol(hub, key, person.id);
  const bar = await barToMarketing(hub, person);
  if (bar !== undefined) {
    await note(hub, person.id, `${key}/barred`, `taken off list ${enrolled.list}: ${bar.because}`, {
      ...bar,
    });
    return leaveList(hub, person);
  }
  const { connection, record, list } = enrolled;
  const seen = await isMember(hub, connection, record, list);
  if (seen === undefined) return;
  if (!seen) {
    await unlessRefused(() =>
      add(hub, effectOf(key, person.id, connection)('map-list-again'), record, list),
    );
    if ((await isMember(hub, connection, record, list)) !== true)
      return raise(
        hub,
        {
          key: `${key}/unproved`,
          personId: person.id,
          title: `${connection} does not keep them on list ${list}`,
        },
        enrolled,
      );
  }
  await keep(hub, person.id, { ...enrolled, provedAt: hub.now().toISOString() }, enrolled.at);
}

const Membership = z.object({ member: z.boolean() });

/** What the vendor itself says; `undefined` where it cannot be asked, or does not answer now. */
async function isMember(
  hub: Hub,
  connection: string,
  record: VendorRecord,
  list: string,
): Promise<boolean | undefined> {
  const operation = 'list.has';
  if (hub.operations.fieldsOf(connection, operation).length === 0) return undefined;
  const key = `proof/${record.id}/${list}`;
  try {
    const input = { record, list };
    const call = { connection, operation, input, key, recovering: false, urgency: 'backfill' };
    const answer = await hub.operations.call(call as Parameters<typeof hub.operations.call>[0]);
    return Membership.safeParse(answer).data?.member;
  } catch (error) {
    // A proof that cannot be had now is had at the next look; the enrolment itself stands.
    if (isHubError(error)) return undefined;
    throw error;
  }
}

async function raise(
  hub: Hub,
  { key, personId, title }: { key: string; personId: string; title: string },
  { list, connection }: Pick<Enrolled, 'connection' | 'list'>,
): Promise<void> {
  await note(hub, personId, key, title, { list, connection });
  const chat = hub.operations.inRole('chat')[0];
  if (chat === undefined) return;
  const lines = [`Person ${personId}. Look at the list there, and at what takes people off it.`];
  await unlessRefused(() =>
    perform(hub, {
      key,
      personId,
      connection: chat,
      verb: 'message.post',
      title: 'told that an enrolment does not hold',
      input: {
        to: ALERT_CHANNEL,
        title: `A nurture list: ${title}`,
        lines,
        actions: [],
        reasons: [],
      },
    }),
  );
}

/** Writes what a person is enrolled in, unless it has become something else than `seen` meanwhile. */
function keep(
  hub: Hub,
  personId: string,
  enrolled: Enrolled | undefined,
  seen?: string,
): Promise<void> {
  return untilWritten(async () => {
    const { data, version } = await readExisting(hub.records, Person, personKey(personId));
    if (data.enrolled?.at !== seen) return;
    const { enrolled: _before, ...rest } = data;
    const next: Person = enrolled === undefined ? rest : { ...rest, enrolled };
    await hub.records.write([{ put: personItem(next, version + 1), if: { version } }]);
  });
}

async function note(
  hub: Hub,
  personId: string,
  key: string,
  title: string,
  detail: Record<string, unknown>,
): Promise<void> {
  const at = hub.now().toISOString();
  await hub.records.write([
    { put: logItem(hub, personId, key, { at, kind: 'decision', title, detail }) },
  ]);
}
