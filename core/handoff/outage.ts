import { putOff, type Span, workingTimeLost } from '#core/clocks/outage.ts';
import { outagesOf } from '#core/limits/episodes.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Write } from '#core/ports/records.ts';
import type { ClockRecord, Handoff } from '#core/records/handoff.ts';
import { logItem } from '#core/records/log-entry.ts';
import { calendarFor } from './calendar.ts';

/**
 * Through which connection the owner must act: the CRM that has the lead, or the chat where there
 * is no CRM. A mail with links alone depends on no vendor.
 */
const actsThrough = ({ crm, chat }: Handoff): string | undefined =>
  crm?.connection ?? chat?.connection;

/**
 * A clock less the outages of what its owner acts through: the rungs that are not climbed yet, and
 * the deadline unless it is breached, are put off by the working time lost since the clock opened.
 * An outage that lasts counts until the vendor is asked again. Undefined when nothing was lost that
 * was not given back before.
 */
export async function pausedForOutages(
  hub: Hub,
  handoff: Handoff,
  clock: ClockRecord,
): Promise<{ readonly clock: ClockRecord; readonly log: Write } | undefined> {
  const connection = actsThrough(handoff);
  if (connection === undefined) return undefined;
  const openedAt = new Date(clock.openedAt);
  const outages = await outagesOf(hub.records, connection, openedAt, hub.now());
  const [first] = outages;
  if (first === undefined) return undefined;

  const calendar = calendarFor(hub.playbook, clock.owner);
  const spans = outages.map(
    ({ from, until }): Span => ({
      from: Date.parse(from),
      until: Date.parse(until),
    }),
  );
  const within = { from: openedAt.getTime(), until: Number.POSITIVE_INFINITY };
  // During a pause the clock stands still already.
  const pauses = (clock.pauses ?? []).map(
    ({ from, until }): Span => ({ from: Date.parse(from), until: Date.parse(until) }),
  );
  const lostMs =
    workingTimeLost(calendar, [...spans, ...pauses], within) -
    workingTimeLost(calendar, pauses, within);
  const newlyLost = lostMs - (clock.pausedMs ?? 0);
  if (newlyLost <= 0) return undefined;

  const breached = clock.breachedAt !== undefined;
  const moved: ClockRecord = {
    ...clock,
    pausedMs: lostMs,
    deadline: breached ? clock.deadline : putOff(calendar, clock.deadline, newlyLost),
    rungs: clock.rungs.map((rung, index) =>
      index < clock.climbed ? rung : { ...rung, at: putOff(calendar, rung.at, newlyLost) },
    ),
  };
  const minutes = Math.max(1, Math.round(lostMs / 60_000));
  // One line a clock, which tells more as more is lost: hence the instant of the first outage.
  const at = first.from > clock.openedAt ? first.from : clock.openedAt;
  const log = logItem(hub, handoff.personId, `${handoff.id}/${clock.id}/outage`, {
    at,
    kind: 'clock',
    title: `clock ${clock.clock}: paused for an outage of ${first.title}, ${minutes} min of working time`,
    detail: {
      clock: clock.id,
      connection,
      deadline: moved.deadline,
      outages: outages.map(({ from, until, over }) => ({ from, until, over })),
    },
  });
  return { clock: moved, log: { put: log } };
}
