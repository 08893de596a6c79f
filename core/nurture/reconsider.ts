import type { CanonicalEvent } from '#core/events.ts';
import { endSilenced } from '#core/handoff/end-silenced.ts';
import { hasUnsubscribed } from '#core/intake/apply-facts.ts';
import type { Hub } from '#core/ports/hub.ts';
import { holdOn } from '#core/protection/hold.ts';
import { leaseOf } from '#core/protection/lease.ts';
import { logItem } from '#core/records/log-entry.ts';
import { Person, personKey } from '#core/records/person.ts';
import { readExisting } from '#core/records/store.ts';
import { enterAgain, wasStarted } from '#core/runs/start-run.ts';
import { colleaguesOf } from './colleagues.ts';
import { lookSooner, ruleOf, settleSilenced } from './come-up.ts';
import { leaveList } from './enrol.ts';
import { afterHold } from './place.ts';
import { outlook } from './recycle.ts';
import { isColleaguesSign, isOwnTouch, showsSign } from './sign.ts';

/**
 * Whether an event that triggers a workflow may start it now. Who came back from sales is left in
 * peace for a while, and what they did before is no news; what they do meanwhile is kept until
 * then. Whoever asks to talk is always heard.
 */
export async function mayStart(
  hub: Hub,
  workflow: string,
  person: Person,
  event: CanonicalEvent,
): Promise<boolean> {
  const { standing, recycle } = person;
  if (standing !== 'nurture' || recycle?.fromSales !== true) return true;
  const asked = event.type === 'lead.captured' && event.handRaiser;
  if (asked || (await wasStarted(hub, workflow, event.id))) return true;
  if (event.at <= recycle.at) {
    await setAside(hub, person, event, 'it happened before they came back to marketing');
    return false;
  }
  const next = outlook(recycle, hub.now(), { sign: true });
  if (next.may === 'enter') return true;
  await setAside(hub, person, event, `${next.because} until ${next.until}`);
  await lookSooner(hub, person.id, next.until, event.at);
  return false;
}

async function setAside(
  hub: Hub,
  { id }: Person,
  { id: event, type, receivedAt: at }: CanonicalEvent,
  why: string,
): Promise<void> {
  const title = `set aside: ${type}, because ${why}`;
  const entry = { at, kind: 'decision' as const, title, detail: { event, why } };
  await hub.records.write([{ put: logItem(hub, id, `rests/${event}`, entry) }]);
}

/**
 * What news of a person mean for nurture: who may not hear from marketing any more leaves their
 * list at once, and a sign that the reason of a hand-back waits for starts the workflow anew, for
 * the person and for colleagues of theirs.
 */
export async function reconsider(hub: Hub, event: CanonicalEvent, personId: string): Promise<void> {
  const { data: person } = await readExisting(hub.records, Person, personKey(personId));
  await guard(hub, person);
  if (event.backfill === true) return;
  if (person.standing === 'nurture' && !person.suppressed) await answerSign(hub, person, event);
  if (!isColleaguesSign(event) || !asksColleagues(hub)) return;
  for (const one of await colleaguesOf(hub.records, person)) {
    const signs = ruleOf(hub.playbook.tracks, one.recycle?.reason)?.reEnterOn ?? [];
    if (signs.some(({ sign }) => sign === 'colleague')) await enterOn(hub, one, event, true);
  }
}

const asksColleagues = ({ playbook }: Hub) =>
  playbook.tracks.reasons.some(({ reEnterOn = [] }) =>
    reEnterOn.some(({ sign }) => sign === 'colleague'),
  );

/**
 * Takes off their list whom marketing may not speak to any more, and from sales whom nobody may.
 */
export async function guard(hub: Hub, person: Person): Promise<void> {
  if (person.suppressed && person.standing === 'nurture') return settleSilenced(hub, person);
  await endSilenced(hub, person);
  const now = hub.now();
  const { who, until } = leaseOf(person, hub.playbook.protection, now);
  const barred = person.suppressed || hasUnsubscribed(person) || who !== 'marketing';
  if (person.enrolled !== undefined && (barred || person.facts.customer === true))
    await leaveList(hub, person);
  // Their list is theirs again once service has let go of them.
  if (who === 'service' && person.standing === 'nurture') {
    const because = 'service speaks to them';
    await lookSooner(hub, person.id, afterHold({ because, until }, now.toISOString()));
  }
}

async function answerSign(hub: Hub, person: Person, event: CanonicalEvent): Promise<void> {
  const { recycle } = person;
  if (recycle === undefined || event.at <= recycle.at) return;
  const signs = ruleOf(hub.playbook.tracks, recycle.reason)?.reEnterOn ?? [];
  const isSign = recycle.longTerm !== true && showsSign(signs, event);
  const own = event.type === 'touch.recorded' && isOwnTouch(event.touch);
  if (isSign || own) await enterOn(hub, person, event, isSign);
}

/** Starts the workflow of somebody in nurture on a sign, or keeps the sign for when they may. */
async function enterOn(
  hub: Hub,
  person: Person,
  event: CanonicalEvent,
  sign: boolean,
): Promise<void> {
  const { recycle, standing } = person;
  if (recycle === undefined || standing !== 'nurture' || event.at <= recycle.at) return;
  const next = outlook(recycle, hub.now(), { sign, lastSignAt: event.at });
  if (next.may === 'rest') {
    if (sign) await lookSooner(hub, person.id, next.until, event.at);
    return;
  }
  const hold = await holdOn(hub, person);
  if (hold !== undefined) {
    const until = afterHold(hold, hub.now().toISOString());
    return lookSooner(hub, person.id, until, event.at);
  }
  const of = { workflow: recycle.workflow, personId: person.id, cause: event.id };
  await enterAgain(hub, of, next.because);
}
