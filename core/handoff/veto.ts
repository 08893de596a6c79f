import { addDuration } from '#core/clocks/business-time.ts';
import { parseDuration } from '#core/clocks/duration.ts';
import type { ClockPolicy } from '#core/clocks/ladder.ts';
import type { Rung } from '#core/clocks/running.ts';
import { HubError } from '#core/errors.ts';
import { findSalesperson } from '#core/people.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { ClockRecord } from '#core/records/handoff.ts';
import { calendarFor } from './calendar.ts';
import { changeClock } from './change-clock.ts';
import type { Asker } from './pause.ts';

/** The end of a ladder of which owner and manager were told, while the grace lasts. */
export function warnedEnd(clock: ClockRecord, now: Date): Rung | undefined {
  const deeds = (rungs: readonly Rung[]) => rungs.filter((rung) => rung.do !== 'tell');
  const warned = deeds(clock.rungs.slice(0, clock.climbed)).at(-1);
  const [end] = deeds(clock.rungs.slice(clock.climbed));
  const waits = warned?.do === 'warn' && end?.do === 'end';
  return waits && now.toISOString() < end.at ? end : undefined;
}

/** Whether the manager may still keep a lead with its owner. */
export const mayVeto = (clock: ClockRecord, { veto }: Pick<ClockPolicy, 'veto'>): boolean =>
  veto !== undefined && (clock.vetoes ?? 0) < veto.atMost;

/**
 * The manager's veto: the lead stays with its owner for as long as the clock's policy says, counted
 * from when it would have left. Throws a HubError `data` that says why not.
 */
export function vetoEnd(hub: Hub, id: string, { by, cause }: Asker): Promise<ClockRecord> {
  return changeClock(
    hub,
    id,
    (handoff, clock) => {
      const policy = hub.playbook.clocks[clock.clock];
      const end = warnedEnd(clock, hub.now());
      if (end === undefined || policy?.veto === undefined) {
        throw new HubError(
          'data',
          'veto_not_due',
          'This lead is not about to leave its owner: there is nothing to veto.',
        );
      }
      if (findSalesperson(hub.playbook.people, { email: handoff.owner })?.manager !== by) {
        throw new HubError(
          'data',
          'veto_not_manager',
          'Only the manager of its owner may keep a lead with them.',
        );
      }
      if (!mayVeto(clock, policy)) {
        throw new HubError(
          'data',
          'veto_spent',
          `A lead is kept with its owner ${policy.veto.atMost} time(s) at most.`,
        );
      }
      const kept = keptLonger(hub, clock, policy, end);
      const until = kept.rungs.at(-1)?.at ?? '';
      const title = `stays with ${handoff.owner} until ${until}, by veto of ${by}`;
      return { clock: kept, word: 'veto', title, detail: { until } };
    },
    cause,
  );
}

/** The ladder with a later end, of which there is another warning where another veto is left. */
function keptLonger(
  hub: Pick<Hub, 'playbook'>,
  clock: ClockRecord,
  { veto, grace }: ClockPolicy,
  end: Rung,
): ClockRecord {
  const calendar = calendarFor(hub.playbook, clock.owner);
  const later = (at: string, length = '') =>
    addDuration(calendar, new Date(at), parseDuration(length)).toISOString();
  const until = later(end.at, veto?.extends);
  const vetoes = (clock.vetoes ?? 0) + 1;
  const rest: Rung[] = mayVeto({ ...clock, vetoes }, { veto })
    ? [
        { at: until, do: 'warn' },
        { at: later(until, grace), do: 'end' },
      ]
    : [{ at: until, do: 'end' }];
  const stay = clock.rungs.filter((rung) => rung !== end);
  return { ...clock, vetoes, rungs: [...stay, ...rest] };
}
