import type { Briefing } from '#core/briefing/write-briefing.ts';
import { perform, performMail } from '#core/effects/perform.ts';
import { isHubError } from '#core/errors.ts';
import { type LinkAction, linkTo } from '#core/links.ts';
import { VERBS, type VendorRecord } from '#core/operations.ts';
import type { Hub } from '#core/ports/hub.ts';
import { type Handoff, invitationOf } from '#core/records/handoff.ts';
import type { Person } from '#core/records/person.ts';
import { toldByProviders } from '#core/records/provenance.ts';
import { briefingLines, briefingMail } from './message.ts';
import { QUEUE_PREFIX } from './owner.ts';
import { pausesOffered } from './pause.ts';

export interface Delivered {
  readonly crm: Handoff['crm'];
  readonly chat: Handoff['chat'];
}

/**
 * Tells everybody of a round: owner, status and a task with the briefing in the CRM, a message
 * with buttons, a mail with signed links. The CRM must succeed; a channel that is set up wrongly
 * must not keep a lead from its salesperson, and its refusal stands in the timeline.
 */
export async function deliver(
  hub: Hub,
  handoff: Handoff,
  person: Person,
  briefing: Briefing,
  dueAt: string,
): Promise<Delivered> {
  const crm = await writeToCrm(hub, handoff, person, briefing, dueAt);
  const chat = await unlessRefused(() => writeToChat(hub, handoff, person, briefing));
  await unlessRefused(() => writeMail(hub, handoff, person, briefing, dueAt));
  return { crm, chat };
}

async function writeToCrm(
  hub: Hub,
  handoff: Handoff,
  person: Person,
  briefing: Briefing,
  dueAt: string,
): Promise<Handoff['crm']> {
  const connection = handoff.crm?.connection ?? crmOf(hub, person);
  if (connection === undefined) return undefined;
  const effect = effectsOf(handoff, person);
  const known = handoff.crm?.record ?? recordIn(person, connection);
  const { record } = await perform(hub, {
    ...effect('crm-person'),
    connection,
    verb: 'person.upsert',
    title: `person written to ${connection}`,
    input: {
      email: person.facts.email,
      facts: forCrm(person, known && (await standingFacts(hub, connection, known, person))),
      ...(known === undefined ? {} : { record: known }),
    },
  });
  // A queue is nobody in the CRM: the record keeps its owner until somebody takes the lead.
  if (handoff.owner.startsWith(QUEUE_PREFIX)) return { connection, record };
  const owner = handoff.owner;
  await perform(hub, {
    ...effect('crm-owner'),
    connection,
    verb: 'person.assign',
    title: `assigned to ${owner} in ${connection}`,
    input: { record, owner, status: 'assigned' },
  });
  const { task } = await perform(hub, {
    ...effect('crm-task'),
    connection,
    verb: 'task.create',
    title: `task for ${owner} in ${connection}`,
    input: {
      record,
      owner,
      subject: `Call ${briefing.who}`,
      body: briefingLines(briefing).join('\n'),
      dueAt,
    },
  });
  return { connection, record, task };
}

async function writeToChat(
  hub: Hub,
  handoff: Handoff,
  person: Person,
  briefing: Briefing,
): Promise<Handoff['chat']> {
  const connection = hub.operations.inRole('chat')[0];
  if (connection === undefined) return undefined;
  const reasons = hub.playbook.tracks.reasons.filter(({ code }) =>
    hub.playbook.tracks.salesMayGive.includes(code),
  );
  const queue = handoff.owner.startsWith(QUEUE_PREFIX);
  const pauses = queue ? [] : pausesOffered(hub, handoff.owner);
  const sent = await perform(hub, {
    ...effectsOf(handoff, person)('chat-invitation'),
    connection,
    verb: 'message.post',
    title: `message to ${handoff.owner}`,
    input: {
      to: queue ? handoff.owner.slice(QUEUE_PREFIX.length) : handoff.owner,
      title: `${handoff.round === 0 ? 'A lead for you' : 'A lead passed on to you'}: ${briefing.who}`,
      lines: briefingLines(briefing),
      handoffId: invitationOf(handoff),
      actions: ['accept', 'reject', 'snooze', ...(pauses.length === 0 ? [] : (['pause'] as const))],
      reasons: reasons.map(({ code, label, aheadOfDate }) => ({
        code,
        label,
        ...(aheadOfDate === undefined ? {} : { asksDate: true }),
      })),
      ...(pauses.length === 0 ? {} : { pauses }),
    },
  });
  return { connection, ...sent };
}

async function writeMail(
  hub: Hub,
  handoff: Handoff,
  person: Person,
  briefing: Briefing,
  dueAt: string,
): Promise<void> {
  if (handoff.owner.startsWith(QUEUE_PREFIX)) return;
  const key = await hub.secrets.signingKey();
  const link = (action: LinkAction) =>
    linkTo(
      hub.publicUrl,
      key,
      { invitation: invitationOf(handoff), action, to: handoff.owner },
      hub.now(),
    );
  const pausable = Object.values(hub.playbook.clocks).some(({ pause }) => pause !== undefined);
  const links = {
    accept: link('accept'),
    reject: link('reject'),
    ...(pausable ? { pause: link('pause') } : {}),
  };
  await performMail(hub, {
    ...effectsOf(handoff, person)('mail-invitation'),
    title: `mail to ${handoff.owner}`,
    mail: {
      to: handoff.owner,
      ...briefingMail(briefing, links, dueAt),
    },
  });
}

/** Takes the buttons away and closes the task once a round is over for its owner. */
export async function withdraw(
  hub: Hub,
  handoff: Handoff,
  person: Person,
  why: string,
): Promise<void> {
  const effect = effectsOf(handoff, person);
  const { chat, crm } = handoff;
  if (chat !== undefined) {
    const { connection, channel, message } = chat;
    await unlessRefused(() =>
      perform(hub, {
        ...effect('chat-withdrawn'),
        connection,
        verb: 'message.update',
        title: 'message withdrawn',
        input: { channel, message, title: why, lines: [] },
      }),
    );
  }
  const task = crm?.task;
  if (crm !== undefined && task !== undefined) {
    const { connection } = crm;
    await unlessRefused(() =>
      perform(hub, {
        ...effect('crm-task-closed'),
        connection,
        verb: 'task.close',
        title: `task closed in ${connection}`,
        input: { task },
      }),
    );
  }
}

/** Run, round and what: under these an effect of a hand-off is known in the ledger. */
const effectsOf =
  (handoff: Pick<Handoff, 'run' | 'round'>, person: Pick<Person, 'id'>) => (what: string) => ({
    key: `${handoff.run}/${handoff.round}/${what}`,
    personId: person.id,
    urgency: 'clock' as const,
  });

/** The CRM that knows the person already, else the one the playbook prefers. */
export function crmOf(hub: Pick<Hub, 'operations'>, person: Person): string | undefined {
  const connections = hub.operations.inRole('crm');
  return connections.find((name) => recordIn(person, name) !== undefined) ?? connections[0];
}

/** The vendor's kinds of record that stand for a person. */
const PERSON_KINDS = ['lead', 'contact'];

export function recordIn(person: Person, connection: string): VendorRecord | undefined {
  const ref = person.external.find(
    (one) => one.connection === connection && PERSON_KINDS.includes(one.kind),
  );
  return ref === undefined ? undefined : { kind: ref.kind, id: ref.id };
}

/**
 * What is written to a record: owner and status by their own verbs, and a provider's word only where
 * nothing stands, because whoever edits the record knows better.
 */
export function forCrm(person: Person, standing: Person['facts'] = {}): Person['facts'] {
  const { owner: _owner, status: _status, ...facts } = person.facts;
  const stands = toldByProviders(person).filter((field) => standing[field] !== undefined);
  return Object.fromEntries(
    Object.entries(facts).filter(([field]) => !stands.some((one) => one === field)),
  );
}

/** What a record says already, asked where the hub would write what a provider told it. */
async function standingFacts(
  { operations }: Hub,
  connection: string,
  record: VendorRecord,
  person: Person,
): Promise<Person['facts'] | undefined> {
  if (toldByProviders(person).length === 0) return undefined;
  const read = { connection, operation: 'person.read', input: { record } };
  const key = `${person.id}/standing`;
  const answer = await unlessRefused(() => operations.call({ ...read, key, recovering: false }));
  return VERBS['person.read'].output.safeParse(answer).data?.facts;
}

/** A refusal is in the ledger and in the timeline already; anything that may pass later is thrown. */
export async function unlessRefused<T>(write: () => Promise<T>): Promise<T | undefined> {
  try {
    return await write();
  } catch (error) {
    if (isHubError(error) && !isHubError(error, 'retry', 'defect')) return undefined;
    throw error;
  }
}
