import { perform, performMail } from '#core/effects/perform.ts';
import type { CanonicalEvent } from '#core/events.ts';
import type { Hub } from '#core/ports/hub.ts';
import { type Lease, leaseOf } from '#core/protection/lease.ts';
import {
  Handoff,
  handoffId,
  handoffItem,
  handoffKey,
  invitationOf,
} from '#core/records/handoff.ts';
import { logItem } from '#core/records/log-entry.ts';
import { Person, personKey } from '#core/records/person.ts';
import { read, readExisting, untilWritten } from '#core/records/store.ts';
import { unlessRefused } from './deliver.ts';
import { escaped } from './message.ts';
import { QUEUE_PREFIX } from './owner.ts';
import { pausesOffered } from './pause.ts';

type Told = NonNullable<Handoff['service']>;

/**
 * Tells whoever has a lead that service speaks to them now, because a grave ticket came while the
 * hand-off was open, and tells them again when it is closed: once each, by chat and by mail. What
 * counts is who holds the lease at that moment, not what the event says, which may come late.
 */
export async function tellOfService(
  hub: Hub,
  event: CanonicalEvent,
  personId: string,
): Promise<void> {
  if (event.type !== 'ticket.changed' || event.backfill === true) return;
  const { data: person } = await readExisting(hub.records, Person, personKey(personId));
  const handoff = (await read(hub.records, Handoff, handoffKey(handoffId(personId, person.cycle))))
    ?.data;
  if (handoff?.status !== 'open') return;
  const lease = leaseOf(person, hub.playbook.protection, hub.now());
  const told = stateOf(lease);
  const news = told === 'speaks' ? handoff.service !== told : handoff.service === 'speaks';
  if (!news) return;
  await send(hub, event.id, { handoff, person, lease });
  await untilWritten(() => keep(hub, event, handoff.id, { told, lease }));
}

/** Whether service speaks to somebody, keeps them quiet for a while after, or lets go of them. */
function stateOf({ who, until }: Lease): Told {
  if (who !== 'service') return 'free';
  return until === undefined ? 'speaks' : 'quiet';
}

async function send(
  hub: Hub,
  cause: string,
  { handoff, person, lease }: { handoff: Handoff; person: Person; lease: Lease },
): Promise<void> {
  const { title, line } = worded(person, lease);
  const to = handoff.owner.startsWith(QUEUE_PREFIX)
    ? handoff.owner.slice(QUEUE_PREFIX.length)
    : handoff.owner;
  const effect = { personId: person.id, urgency: 'clock' as const };
  const key = `${handoff.run}/${handoff.round}/service/${cause}`;
  const connection = hub.operations.inRole('chat')[0];
  const pauses = stateOf(lease) === 'speaks' ? pausesOffered(hub, handoff.owner) : [];
  if (connection !== undefined) {
    await unlessRefused(() =>
      perform(hub, {
        ...{ ...effect, key: `${key}/chat`, connection, verb: 'message.post' },
        title: `told ${to} by chat who speaks to the lead`,
        input: {
          ...{ to, title, lines: [line], reasons: [], handoffId: invitationOf(handoff) },
          ...(pauses.length === 0 ? { actions: [] } : { actions: ['pause'], pauses }),
        },
      }),
    );
  }
  if (!to.includes('@')) return;
  await unlessRefused(() =>
    performMail(hub, {
      ...{ ...effect, key: `${key}/mail` },
      title: `told ${to} by mail who speaks to the lead`,
      mail: {
        ...{ to, subject: title, text: [title, line].join('\n') },
        html: [title, line].map((text) => `<p>${escaped(text)}</p>`).join('\n'),
      },
    }),
  );
}

function worded({ facts }: Person, lease: Lease): { title: string; line: string } {
  const name = [facts.firstName, facts.lastName].filter(Boolean).join(' ') || 'Your lead';
  switch (stateOf(lease)) {
    case 'speaks':
      return {
        title: `${name} has a severe support ticket: please wait`,
        line: 'Service alone speaks to them until it is closed. The clock runs on: pause it, where it may be paused, or give the lead back.',
      };
    case 'quiet':
      return {
        title: `${name}: the severe ticket is closed`,
        line: `They are left in peace until ${lease.until}; then they are yours again.`,
      };
    case 'free':
      return {
        title: `${name}: the severe ticket is closed`,
        line: 'They are yours again.',
      };
  }
}

async function keep(
  hub: Hub,
  event: CanonicalEvent,
  id: string,
  { told, lease }: { told: Told; lease: Lease },
): Promise<void> {
  const { data, version } = await readExisting(hub.records, Handoff, handoffKey(id));
  if (data.service === told) return;
  const line = {
    at: event.receivedAt,
    kind: 'decision' as const,
    title: `${data.owner} was told: ${told === 'speaks' ? 'service speaks to them now' : 'the grave ticket is closed'}`,
    detail: { lease: lease.who, because: lease.because, until: lease.until, event: event.id },
  };
  await hub.records.write([
    { put: handoffItem({ ...data, service: told }, version + 1), if: { version } },
    { put: logItem(hub, data.personId, `service/${event.id}`, line) },
  ]);
}
