import { perform } from '#core/effects/perform.ts';
import { closeHandoff, declinedStanding } from '#core/handoff/close.ts';
import { crmOf, forCrm, recordIn, unlessRefused, withdraw } from '#core/handoff/deliver.ts';
import { placeAfter } from '#core/nurture/tracks.ts';
import type { LeadStatus, VendorRecord } from '#core/operations.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Write } from '#core/ports/records.ts';
import { Handoff, handoffItem, handoffKey } from '#core/records/handoff.ts';
import { logItem } from '#core/records/log-entry.ts';
import { Person, personItem, personKey } from '#core/records/person.ts';
import { readExisting, untilWritten } from '#core/records/store.ts';
import type { StepRun } from './step-run.ts';

/** The reason of somebody who was never handed off because the score does not ask for it yet. */
const NOT_READY = 'not_ready';

/**
 * Returns a person to marketing: status and reason in the CRM, onto the track's list in the
 * marketing automation platform, owner and next action here. A reason that says "never" declines
 * instead. Re-entry is possible from the moment the run ends.
 */
export async function handBack(
  hub: Hub,
  step: StepRun,
  options: { reason?: string | undefined; track?: string | undefined },
): Promise<{ track: string; reason: string }> {
  const reason = options.reason ?? step.reason ?? NOT_READY;
  const { tracks } = hub.playbook;
  const place = placeAfter(reason, tracks, hub.now());
  if ('disqualified' in place) {
    await declineLead(hub, step, reason);
    return { track: 'declined', reason };
  }

  const track = tracks.tracks.find(({ id }) => id === (options.track ?? place.track));
  const trackId = track?.id ?? place.track;
  const { data: person } = await readExisting(hub.records, Person, personKey(step.person));
  await tellCrm(hub, step, person, 'nurture', reason, 'Back with marketing.');
  if (track !== undefined) await enrol(hub, step, person, track.list);
  await untilWritten(() =>
    finish(hub, step, {
      status: 'handed-back',
      reason,
      title:
        step.handoff === null
          ? `to nurture, track ${trackId}: ${reason}`
          : `handed back to marketing, track ${trackId}: ${reason}`,
      move: (one) => ({
        ...one,
        standing: 'nurture',
        owner: { kind: 'track', id: trackId },
        nextAction: { what: 'look for fresh interest', at: place.reEnterAt },
      }),
    }),
  );
  return { track: trackId, reason };
}

/** Closes a lead that will never buy: disqualified in the CRM, and kept so that nobody sells to it again. */
export async function decline(
  hub: Hub,
  step: StepRun,
  options: { reason?: string | undefined },
): Promise<{ reason: string }> {
  const reason = options.reason ?? step.reason ?? 'bad_fit';
  await declineLead(hub, step, reason);
  return { reason };
}

async function declineLead(hub: Hub, step: StepRun, reason: string): Promise<void> {
  const { data: person } = await readExisting(hub.records, Person, personKey(step.person));
  await tellCrm(hub, step, person, 'disqualified', reason, 'Declined.');
  await untilWritten(() =>
    finish(hub, step, {
      status: 'declined',
      reason,
      title: `declined: ${reason}`,
      move: (one) => declinedStanding(one, hub.now().toISOString()),
    }),
  );
}

/** Whoever sales never saw is not in the CRM through us, and is not put there to say so. */
async function tellCrm(
  hub: Hub,
  step: StepRun,
  person: Person,
  status: LeadStatus,
  reason: string,
  why: string,
): Promise<void> {
  const handoff =
    step.handoff === null
      ? undefined
      : (await readExisting(hub.records, Handoff, handoffKey(step.handoff.id))).data;
  if (handoff !== undefined) await withdraw(hub, handoff, person, why);
  const connection = handoff?.crm?.connection ?? crmOf(hub, person);
  const record =
    handoff?.crm?.record ?? (connection === undefined ? undefined : recordIn(person, connection));
  if (connection === undefined || record === undefined) return;
  await perform(hub, {
    key: `${step.run}/${step.step}/crm-status`,
    personId: person.id,
    connection,
    verb: 'person.status',
    title: `status ${status} (${reason}) in ${connection}`,
    input: { record, status, reason },
  });
}

async function enrol(hub: Hub, step: StepRun, person: Person, list: string): Promise<void> {
  const connection = hub.operations.inRole('map')[0];
  if (connection === undefined || person.facts.email === undefined) return;
  const effect = (what: string) => ({
    key: `${step.run}/${step.step}/${what}`,
    personId: person.id,
    connection,
  });
  await unlessRefused(async () => {
    const record =
      recordIn(person, connection) ?? (await upserted(hub, effect('map-person'), person));
    await perform(hub, {
      ...effect('map-list'),
      verb: 'list.add',
      title: `onto list ${list} in ${connection}`,
      input: { record, list },
    });
  });
}

async function upserted(
  hub: Hub,
  effect: { key: string; personId: string; connection: string },
  person: Person,
): Promise<VendorRecord> {
  const { record } = await perform(hub, {
    ...effect,
    verb: 'person.upsert',
    title: `person written to ${effect.connection}`,
    input: { email: person.facts.email, facts: forCrm(person) },
  });
  return record;
}

interface Ending {
  readonly status: 'handed-back' | 'declined';
  readonly reason: string;
  readonly title: string;
  readonly move: (person: Person) => Person;
}

async function finish(hub: Hub, step: StepRun, ending: Ending): Promise<void> {
  const at = hub.now().toISOString();
  const person = await readExisting(hub.records, Person, personKey(step.person));
  const writes: Write[] = [
    {
      put: personItem(ending.move(person.data), person.version + 1),
      if: { version: person.version },
    },
    {
      put: logItem(hub, step.person, `${step.run}/${step.step}`, {
        at,
        kind: 'decision',
        title: ending.title,
        detail: { reason: ending.reason, run: step.run },
      }),
    },
  ];
  if (step.handoff !== null) {
    const handoff = await readExisting(hub.records, Handoff, handoffKey(step.handoff.id));
    const closed = closeHandoff(handoff.data, ending.status, at, ending.reason);
    writes.push({
      put: handoffItem(closed, handoff.version + 1),
      if: { version: handoff.version },
    });
  }
  await hub.records.write(writes);
}
