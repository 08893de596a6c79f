import * as z from 'zod';
import { decideOnce } from '#core/effects/decide-once.ts';
import { perform } from '#core/effects/perform.ts';
import { closeHandoff, declinedStanding } from '#core/handoff/close.ts';
import { crmOf, forCrm, recordIn, unlessRefused, withdraw } from '#core/handoff/deliver.ts';
import { consented } from '#core/intake/apply-facts.ts';
import { placeAfter } from '#core/nurture/tracks.ts';
import type { LeadStatus, VendorRecord } from '#core/operations.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Write } from '#core/ports/records.ts';
import { Handoff, handoffItem, handoffKey } from '#core/records/handoff.ts';
import { Person, personItem, personKey } from '#core/records/person.ts';
import { readExisting } from '#core/records/store.ts';
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
  await finish(hub, step, {
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
  });
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
  const at = hub.now().toISOString();
  const { reasons } = hub.playbook.tracks;
  const suppress = reasons.some((one) => one.code === reason && one.suppress);
  await finish(hub, step, {
    status: 'declined',
    reason,
    title: `declined: ${reason}`,
    // Whoever asked sales to be left alone has said it to all of us.
    move: (one) => declinedStanding(suppress ? consented(one, false, at) : one, at),
  });
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

/** Closes person and hand-off once: a step that is done again finds it done. */
async function finish(hub: Hub, step: StepRun, ending: Ending): Promise<void> {
  const { status, reason, title } = ending;
  const at = { run: step.run, step: step.step, personId: step.person };
  await decideOnce(hub, at, Finished, async () => {
    const person = await readExisting(hub.records, Person, personKey(step.person));
    return {
      result: { status, reason },
      log: { title, detail: { reason } },
      writes: [
        {
          put: personItem(ending.move(person.data), person.version + 1),
          if: { version: person.version },
        },
        ...(step.handoff === null ? [] : [await closed(hub, step.handoff.id, ending)]),
      ],
    };
  });
}

const Finished = z.strictObject({ status: z.string(), reason: z.string() });

async function closed(hub: Hub, id: string, { status, reason }: Ending): Promise<Write> {
  const { data, version } = await readExisting(hub.records, Handoff, handoffKey(id));
  const over = closeHandoff(data, status, hub.now().toISOString(), reason);
  return { put: handoffItem(over, version + 1), if: { version } };
}
