import type { Agenda } from '#cli/week/agenda.ts';
import { addDuration } from '#core/clocks/business-time.ts';
import { parseDuration } from '#core/clocks/duration.ts';
import type { TranslatedEvent } from '#core/events.ts';
import { calendarFor } from '#core/handoff/calendar.ts';
import { findSalesperson } from '#core/people.ts';
import type { Playbook } from '#core/playbook.ts';
import { personIdOfHandoff, readInvitation } from '#core/records/handoff.ts';
import { openDeals } from './deals.ts';
import { between, type Draws, pickBy } from './draws.ts';
import type { Invitation } from './recorder.ts';
import type { Somebody, World } from './world.ts';

/** How a salesperson treats leads, in working minutes while little lies on the desk. */
interface Temper {
  /** Chance to answer at all. */
  readonly answers: number;
  readonly answersWithin: readonly [number, number];
  readonly worksWithin: readonly [number, number];
}

const KEEN: Temper = { answers: 1, answersWithin: [1, 12], worksWithin: [2, 25] };
const SLOW: Temper = { answers: 0.75, answersWithin: [8, 260], worksWithin: [20, 500] };
const LAZY: Temper = { answers: 0.15, answersWithin: [60, 900], worksWithin: [120, 2000] };
/** Two of five are keen, two slow, and one is lazy. */
const TEMPERS = [KEEN, KEEN, SLOW, SLOW, LAZY] as const;

/** So many leads that wait on somebody's desk double the time each takes. */
const LEADS_THAT_DOUBLE = 6;
const REFUSES = 0.08;
const REASONS = ['no_budget', 'not_now_timing', 'no_response', 'bad_fit', 'bad_data'] as const;

/** The people who sell: what each does with an invitation depends on who they are, on whom it is about, and on their load. */
export interface Floor {
  receive(invitation: Invitation): void;
}

export function openFloor(on: {
  readonly world: World;
  readonly playbook: Playbook;
  readonly agenda: Agenda;
  readonly now: () => Date;
  readonly tell: (events: readonly TranslatedEvent[]) => Promise<void>;
  /** Who is meant by the hub's id of a person. */
  readonly whoIs: (personId: string) => Somebody | undefined;
  /** Whether the invitation still stands, as anybody sees in the CRM. */
  readonly stands: (handoffId: string) => Promise<boolean>;
}): Floor {
  const { world, playbook, agenda, now, tell } = on;
  const { draws } = world;
  const deals = openDeals(on);
  const waiting = new Map<string, number>();
  const onDesk = (email: string) => waiting.get(email) ?? 0;
  const put = (email: string, change: number): void =>
    void waiting.set(email, onDesk(email) + change);
  const temperOf = (email: string) => pickBy(TEMPERS, draws('salesperson', email));

  const after = (email: string, drawn: number, range: readonly [number, number]): Date => {
    const slowness = 2 ** (onDesk(email) / LEADS_THAT_DOUBLE);
    const minutes = Math.max(1, Math.round(between(drawn, range) * Math.min(slowness, 16)));
    const calendar = calendarFor(playbook, email);
    return addDuration(calendar, now(), parseDuration(`${minutes} business minutes`));
  };

  const receive = ({ handoffId, to }: Invitation): void => {
    // What stands in a queue's channel, nobody takes by themselves.
    const who = findSalesperson(playbook.people, { email: to });
    const about = on.whoIs(personIdOfHandoff(readInvitation(handoffId).id));
    if (who === undefined || about === undefined) return;
    const turn = openTurn(draws, who.email, about, handoffId);
    const temper = temperOf(who.email);
    if (turn('answers') >= temper.answers) return;
    put(who.email, 1);
    const answerAt = after(who.email, turn('answer'), temper.answersWithin);
    const refuses = turn('refuses') < REFUSES;
    agenda.plan(answerAt, () => (refuses ? refuse() : accept()));

    const signal = (what: string) => ({
      at: now().toISOString(),
      sourceId: `${handoffId}/${what}`,
      subject: { handoffId },
      by: { email: who.email },
    });
    const over = () => put(who.email, -1);

    const refuse = async (): Promise<void> => {
      over();
      if (!(await on.stands(handoffId))) return;
      const reason = pickBy(REASONS, turn('reason'));
      await tell([{ ...signal('rejected'), type: 'handoff.rejected', via: 'slack', reason }]);
    };
    const accept = async (): Promise<void> => {
      if (!(await on.stands(handoffId))) return over();
      await tell([{ ...signal('accepted'), type: 'handoff.accepted', via: 'slack' }]);
      agenda.plan(after(who.email, turn('work'), temper.worksWithin), work);
    };
    const work = async (): Promise<void> => {
      over();
      if (!(await on.stands(handoffId))) return;
      await tell([{ ...signal('worked'), type: 'handoff.worked', via: 'crm', activity: 'call' }]);
      deals.talked(about, { handoffId, owner: who.email });
    };
  };
  return { receive };
}

/** Chance of one salesperson with one person, the same each time they meet for the so-manieth time. */
function openTurn(draws: Draws, salesperson: string, about: Somebody, handoffId: string) {
  const { email } = about.buyer.facts;
  const { id } = readInvitation(handoffId);
  const cycle = id.slice(id.lastIndexOf('_') + 1);
  return (what: string) => draws('turn', salesperson, email, cycle, what);
}
