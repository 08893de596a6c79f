import * as z from 'zod';
import { decideOnce } from '#core/effects/decide-once.ts';
import { perform } from '#core/effects/perform.ts';
import { closeHandoff, declinedStanding } from '#core/handoff/close.ts';
import { crmOf, recordIn, withdraw } from '#core/handoff/deliver.ts';
import { SILENCED } from '#core/handoff/end-silenced.ts';
import { consented } from '#core/intake/apply-facts.ts';
import { colleagueWrites } from '#core/nurture/colleagues.ts';
import { enrol, leaveList } from '#core/nurture/enrol.ts';
import { inNurture, type Moved } from '#core/nurture/place.ts';
import { type Return, recycle } from '#core/nurture/recycle.ts';
import type { LeadStatus } from '#core/operations.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Write } from '#core/ports/records.ts';
import { holdOn } from '#core/protection/hold.ts';
import { Handoff, handoffItem, handoffKey } from '#core/records/handoff.ts';
import { type Person, personItem, readLiving } from '#core/records/person.ts';
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
  const { data: person } = await readLiving(hub.records, step.person);
  const handoff = await handoffOf(hub, step);
  const back: Omit<Return, 'at'> = {
    reason,
    workflow: step.workflow,
    fromSales: handoff !== undefined,
    namedDate: namedDateOf(handoff, reason),
    track: options.track,
  };
  // Whoever may not be contacted is spoken to by marketing no more than by sales.
  const isSilenced = person.suppressed || reason === SILENCED;
  const last = isSilenced ? undefined : recycle(tracks, person.recycle, { ...back, at: hub.now() });
  if (last === undefined) {
    await declineLead(hub, step, reason);
    return { track: 'declined', reason };
  }

  await tellCrm(hub, step, person, 'nurture', reason, 'Back with marketing.');
  const hold = await holdOn(hub, person);
  await finish(hub, step, {
    status: 'handed-back',
    reason,
    move: (one) => {
      const now = { ...back, at: hub.now() };
      return inNurture(one, recycle(tracks, one.recycle, now) ?? last, now, hold);
    },
  });
  // Only now, when sales has let go, has marketing their ear.
  await enrol(hub, `${step.run}/${step.step}`, step.person);
  const { data: placed } = await readLiving(hub.records, step.person);
  return { track: placed.recycle?.track ?? placed.owner.id, reason };
}

/** The hand-off that a step ends; none where sales never had them in this run. */
async function handoffOf(hub: Hub, { handoff }: StepRun): Promise<Handoff | undefined> {
  return handoff === null
    ? undefined
    : (await readExisting(hub.records, Handoff, handoffKey(handoff.id))).data;
}

/** When to talk again, where whoever gave the lead back for this reason said when. */
function namedDateOf(handoff: Handoff | undefined, reason: string): Date | undefined {
  const { rejected } = handoff?.signals ?? {};
  if (rejected?.namedDate === undefined || rejected.reason !== reason) return undefined;
  return new Date(rejected.namedDate);
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
  const { data: person } = await readLiving(hub.records, step.person);
  await tellCrm(hub, step, person, 'disqualified', reason, 'Declined.');
  const at = hub.now().toISOString();
  const { reasons } = hub.playbook.tracks;
  const suppress = reasons.some((one) => one.code === reason && one.suppress);
  await finish(hub, step, {
    status: 'declined',
    reason,
    move: (one) => ({
      // Whoever asked sales to be left alone has said it to all of us.
      person: declinedStanding(suppress ? consented(one, false, at) : one, at),
      title: `declined: ${reason}`,
      detail: {},
    }),
  });
  await leaveList(hub, (await readLiving(hub.records, step.person)).data);
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
  const handoff = await handoffOf(hub, step);
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

interface Ending {
  readonly status: 'handed-back' | 'declined';
  readonly reason: string;
  readonly move: (person: Person) => Moved;
}

/** Closes person and hand-off once: a step that is done again finds it done. */
async function finish(hub: Hub, step: StepRun, ending: Ending): Promise<void> {
  const { status, reason } = ending;
  const at = { run: step.run, step: step.step, personId: step.person };
  await decideOnce(hub, at, Finished, async () => {
    const person = await readLiving(hub.records, step.person);
    const moved = ending.move(person.data);
    return {
      result: { status, reason },
      log: { title: moved.title, detail: { reason, ...moved.detail } },
      writes: [
        { put: personItem(moved.person, person.version + 1), if: { version: person.version } },
        ...colleagueWrites(moved.person),
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
