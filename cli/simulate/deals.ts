import type { Agenda } from '#cli/week/agenda.ts';
import type { TranslatedEvent } from '#core/events.ts';
import { TOLD } from './told.ts';
import type { Somebody, World } from './world.ts';

const DAY_MS = 86_400_000;
/** Of those who would not buy, or not any more, so many still talk about a deal. */
const TALKS_ANYWAY = 0.3;
/** Of the others, so many say a clear no, and sales gives them back. */
const SAYS_NO = 0.5;

interface Talk {
  readonly handoffId: string;
  readonly owner: string;
}

/** What comes of talks: a company buys once, and everybody of it who was talked to is in on its deal. */
export interface Deals {
  /** Sales talked to somebody, now. */
  talked(about: Somebody, talk: Talk): void;
}

interface Deal {
  readonly id: string;
  readonly members: Set<string>;
  outcome: 'open' | 'won' | 'lost';
}

export function openDeals(on: {
  readonly world: World;
  readonly agenda: Agenda;
  readonly now: () => Date;
  readonly tell: (events: readonly TranslatedEvent[]) => Promise<void>;
  readonly stands: (handoffId: string) => Promise<boolean>;
}): Deals {
  const { world, agenda, now, tell } = on;
  const deals = new Map<string, Deal>();
  const later = (ms: number) => new Date(now().getTime() + ms);

  const changed = (deal: Deal, email: string): TranslatedEvent => ({
    type: 'opportunity.changed',
    at: now().toISOString(),
    sourceId: `${deal.id}/${email}/${deal.outcome}/${now().getTime()}`,
    subject: { email },
    opportunity: {
      ref: { connection: TOLD, kind: 'opportunity', id: deal.id },
      stage: deal.outcome,
      outcome: deal.outcome,
    },
  });

  const close = async (deal: Deal, won: boolean): Promise<void> => {
    deal.outcome = won ? 'won' : 'lost';
    await tell([...deal.members].map((email) => changed(deal, email)));
  };

  const open = async (about: Somebody, won: boolean, { handoffId }: Talk): Promise<void> => {
    // A lead that was taken away meanwhile is nobody's to sell to.
    if (!(await on.stands(handoffId))) return;
    const { company = '', email } = about.buyer.facts;
    const known = deals.get(company);
    const isOver = known !== undefined && known.outcome !== 'open';
    const deal =
      known === undefined || (isOver && known.outcome === 'lost')
        ? { id: `${company}/${email}`, members: new Set<string>(), outcome: 'open' as const }
        : known;
    deals.set(company, deal);
    deal.members.add(email);
    await tell([changed(deal, email)]);
    if (deal !== known) agenda.plan(later(about.fate.closesAfterMs), () => close(deal, won));
  };

  const giveBack = async ({ handoffId, owner }: Talk): Promise<void> => {
    if (!(await on.stands(handoffId))) return;
    await tell([
      {
        type: 'handoff.rejected',
        at: now().toISOString(),
        sourceId: `${handoffId}/no`,
        subject: { handoffId },
        by: { email: owner },
        via: 'crm',
        reason: 'no_need_yet',
      },
    ]);
  };

  return {
    talked(about, talk) {
      const { buyer, fate, signsAt } = about;
      const own = (what: string) => world.draws('person', buyer.facts.email, what);
      const sign = signsAt.findLast((at) => at <= now()) ?? buyer.at;
      const inTime = now().getTime() - sign.getTime() <= fate.patienceMs;
      const wins = fate.buys && inTime;
      if (wins || own('talks-anyway') < TALKS_ANYWAY) {
        agenda.plan(later(fate.opensAfterMs), () => open(about, wins, talk));
      } else if (own('says-no') < SAYS_NO) {
        agenda.plan(later(DAY_MS), () => giveBack(talk));
      }
    },
  };
}
