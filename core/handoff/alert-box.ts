import { isHubError } from '#core/errors.ts';
import { shortHash } from '#core/hash.ts';
import type { Hub } from '#core/ports/hub.ts';
import { Alert, alertItem, alertKey, alertsSentTo, alertsThat } from '#core/records/alert.ts';
import { Handoff, handoffKey } from '#core/records/handoff.ts';
import { logItem } from '#core/records/log-entry.ts';
import { read, readAll, type Stored, untilWritten } from '#core/records/store.ts';
import type { AlertPolicy } from './alert-policy.ts';
import { audibleAt } from './hearers.ts';
import { sendAlert } from './send-alert.ts';

export type NewAlert = Omit<Alert, 'at' | 'status' | 'dueAt' | 'tries' | 'digest' | 'error'>;

const MINUTE_MS = 60_000;
const later = (at: Date, minutes: number) => new Date(at.getTime() + minutes * MINUTE_MS);

/**
 * Sends an alert now, or keeps it until whoever is to hear works again, or until it can be told
 * together with others. Answers when it is due, where it waits. The same alert again is the same.
 */
export async function tell(
  hub: Hub,
  policy: AlertPolicy,
  alert: NewAlert,
): Promise<string | undefined> {
  const known = await read(hub.records, Alert, alertKey(alert));
  if (known !== undefined) return known.data.status === 'waiting' ? known.data.dueAt : undefined;
  const now = hub.now();
  const dueAt = await whenToTell(hub, policy, alert, now);
  const at = now.toISOString();
  const fresh: Alert = { ...alert, at, status: 'waiting', dueAt: dueAt.toISOString(), tries: 0 };
  if (dueAt <= now) return attempt(hub, policy, [{ data: fresh, version: 0 }]);
  await hub.records.write([{ put: alertItem(fresh, 1), if: 'absent' }]);
  return fresh.dueAt;
}

async function whenToTell(
  hub: Hub,
  { group }: AlertPolicy,
  alert: NewAlert,
  now: Date,
): Promise<Date> {
  const audible = audibleAt(hub.playbook, alert.to, alert.rung, now);
  if (group === undefined || audible > now) return audible;
  const waiting = (await waitingAlerts(hub)).filter(({ data }) => samePlace(data, alert));
  const [first] = waiting.map(({ data }) => data.dueAt).toSorted();
  // Whoever is told of some at the end of a while is told of this one with them.
  if (first !== undefined && first > now.toISOString()) return new Date(first);
  const since = later(now, -group.withinMinutes).toISOString();
  const sent = await readAll(hub.records, Alert, {
    index: 'gsi1',
    pk: alertsSentTo(alert),
    between: [since, `${now.toISOString()}~`],
  });
  return sent.length < group.moreThan ? now : later(now, group.withinMinutes);
}

const samePlace = (one: Pick<Alert, 'by' | 'to'>, other: Pick<Alert, 'by' | 'to'>) =>
  one.by === other.by && one.to === other.to;

async function waitingAlerts(hub: Hub): Promise<Stored<Alert>[]> {
  const listed = await readAll(hub.records, Alert, { index: 'gsi1', pk: alertsThat('waiting') });
  // The index may lag: what counts is the alert itself.
  const stored = await Promise.all(listed.map((one) => read(hub.records, Alert, alertKey(one))));
  return stored.filter((one) => one?.data.status === 'waiting') as Stored<Alert>[];
}

/**
 * Sends what waits and is due at the places where a clock's alerts wait: several for one place as
 * one message. `last` takes those of the clock along that are not due, because its ladder ends.
 * Answers when the next of its alerts is due.
 */
export async function tellWaiting(
  hub: Hub,
  policy: AlertPolicy,
  { handoff, clock, last }: { handoff: string; clock: string; last: boolean },
): Promise<string | undefined> {
  const now = hub.now().toISOString();
  const waiting = await waitingAlerts(hub);
  const own = waiting.filter(({ data }) => data.handoff === handoff && data.clock === clock);
  const ripe = own.filter(({ data }) => last || data.dueAt <= now);
  const places = new Map(ripe.map(({ data }) => [`${data.by}#${data.to}`, data]));
  const next: (string | undefined)[] = own
    .filter((one) => !ripe.includes(one))
    .map(({ data }) => data.dueAt);
  for (const place of places.values()) {
    const together = waiting.filter(
      (one) => samePlace(one.data, place) && (ripe.includes(one) || one.data.dueAt <= now),
    );
    next.push(await attempt(hub, policy, await stillNeeded(hub, together)));
  }
  return next.filter((at) => at !== undefined).toSorted()[0];
}

/** Sets those aside whose clock was answered, or is over, in the meantime. */
async function stillNeeded(hub: Hub, alerts: readonly Stored<Alert>[]): Promise<Stored<Alert>[]> {
  const needed: Stored<Alert>[] = [];
  for (const alert of alerts) {
    const stored = await read(hub.records, Handoff, handoffKey(alert.data.handoff));
    const clock = stored?.data.clocks.find(({ id }) => id === alert.data.clock);
    const runs = clock !== undefined && clock.metAt === undefined && clock.endedAt === undefined;
    if (runs) needed.push(alert);
    else await keep(hub, alert, { ...alert.data, status: 'needless' });
  }
  return needed;
}

/** Sends one alert as it is, several as one message; answers when to try again where that failed. */
async function attempt(
  hub: Hub,
  policy: AlertPolicy,
  alerts: readonly Stored<Alert>[],
): Promise<string | undefined> {
  const [first] = alerts;
  if (first === undefined) return undefined;
  const { data } = first;
  const digest =
    alerts.length > 1 ? `digest/${shortHash(...alerts.map((one) => one.data.key))}` : undefined;
  const message =
    digest === undefined
      ? data
      : { ...data, veto: undefined, key: digest, ...asDigest(alerts.map((one) => one.data)) };
  const outcome = await sent(hub, message, digest === undefined ? data.rung : 'digest');
  const now = hub.now();
  let again: string | undefined;
  for (const alert of alerts) {
    const next = afterTry(alert.data, policy, outcome, now);
    const told = digest === undefined ? next : { ...next, digest };
    await keep(hub, alert, told);
    if (told.status === 'waiting') again = told.dueAt;
  }
  return again;
}

type Outcome = 'sent' | { readonly error: NonNullable<Alert['error']>; readonly final: boolean };

async function sent(
  hub: Hub,
  message: Parameters<typeof sendAlert>[1],
  what: string,
): Promise<Outcome> {
  try {
    await sendAlert(hub, message, what);
    return 'sent';
  } catch (error) {
    if (!isHubError(error) || isHubError(error, 'defect', 'conflict')) throw error;
    const { code, message: text } = error;
    return { error: { code, message: text }, final: !isHubError(error, 'retry') };
  }
}

function afterTry(alert: Alert, { retry }: AlertPolicy, outcome: Outcome, now: Date): Alert {
  if (outcome === 'sent') return { ...alert, status: 'sent', dueAt: now.toISOString() };
  const tries = alert.tries + 1;
  const { error, final } = outcome;
  if (final || tries >= retry.atMost) return { ...alert, status: 'failed', tries, error };
  const dueAt = later(now, retry.afterMinutes * 2 ** (tries - 1)).toISOString();
  return { ...alert, status: 'waiting', tries, error, dueAt };
}

async function keep(hub: Hub, { data, version }: Stored<Alert>, next: Alert): Promise<void> {
  await untilWritten(async () => {
    const stored = await read(hub.records, Alert, alertKey(data));
    if ((stored?.version ?? 0) !== version) return;
    const condition = version === 0 ? ('absent' as const) : { version };
    const failed = next.status === 'failed' ? [{ put: failure(hub, next) }] : [];
    await hub.records.write([{ put: alertItem(next, version + 1), if: condition }, ...failed]);
  });
}

/** The timeline says of what nobody could be told. */
const failure = (hub: Hub, { key, personId, to, by, rung, tries, error }: Alert) =>
  logItem(hub, personId, `${key}/failed`, {
    at: hub.now().toISOString(),
    kind: 'effect',
    title: `refused: ${rung} to ${to} by ${by} was never delivered`,
    detail: { key, tries, error },
  });

/** What one message says of several. */
function asDigest(alerts: readonly Alert[]): { title: string; lines: string[] } {
  return {
    title: `${alerts.length} leads need attention`,
    lines: alerts.map(({ title, lines }) => [title, ...lines].join(' ')),
  };
}
