import type { PersonFacts } from '#core/events.ts';
import type { AccountFacts } from '#core/scoring/account-facts.ts';
import type { ScorePoint } from '#core/scoring/score.ts';
import type { ScoredTouch } from '#core/scoring/scored-touch.ts';
import { cut } from './cut.ts';
import { openerFor } from './opener.ts';
import { questionsFor } from './questions.ts';
import { isAboutPrice, lastTouches } from './touches.ts';
import { whyNow } from './why-now.ts';

export interface BriefingInput {
  readonly person: PersonFacts;
  readonly account?: AccountFacts | undefined;
  readonly touches: readonly ScoredTouch[];
  readonly score?:
    | {
        readonly rating: string;
        readonly lane: string;
        readonly points?: readonly ScorePoint[] | undefined;
      }
    | undefined;
  /** What the person wrote in a form. */
  readonly capture?:
    | {
        readonly form: string;
        readonly handRaiser?: boolean | undefined;
        readonly need?: string | undefined;
        readonly timeline?: string | undefined;
        readonly referrer?: string | undefined;
      }
    | undefined;
}

/** What the salesperson reads before the first call; it fits one screen. */
export interface Briefing {
  /** What to know before anything else: that service speaks to them now. */
  readonly heed?: string;
  readonly who: string;
  readonly whyNow: string[];
  readonly lastTouches: { at: string; text: string }[];
  readonly opener: string;
  readonly ask: string[];
  readonly need?: string;
  readonly timeline?: string;
  readonly referrer?: string;
}

/** Characters of all that the hub itself says: one Slack message without a fold, one screen in the CRM. */
export const BRIEFING_BUDGET = 1500;
const WHO_LENGTH = 120;
/** What somebody wrote is theirs: only what no task in a CRM would take is cut. */
const OWN_WORDS_LENGTH = 10_000;

/**
 * Writes the briefing from what is known. Every part has its own limit, and the limits together
 * keep within the budget; need, timeline and referrer stand beside it as the person wrote them.
 */
export function writeBriefing(input: BriefingInput, now: Date): Briefing {
  const { person, account, touches, score, capture } = input;
  const { need, timeline, referrer, form } = capture ?? {};
  const industry = person.industry ?? account?.industry;
  const customer = score?.lane === 'customer' || (person.customer ?? account?.customer ?? false);
  const handRaiser = score?.lane === 'hand-raiser' || (capture?.handRaiser ?? false);
  const { firstName, title } = person;
  return {
    who: cut(whoIs(person, account), WHO_LENGTH),
    whyNow: whyNow({ form, handRaiser, customer, touches, points: score?.points ?? [] }, now),
    lastTouches: lastTouches(touches),
    opener: openerFor({ firstName, industry, touches, need }, now),
    ask: questionsFor({ need, timeline, title, customer, sawPrices: touches.some(isAboutPrice) }),
    ...(need !== undefined && { need: cut(need, OWN_WORDS_LENGTH) }),
    ...(timeline !== undefined && { timeline: cut(timeline, OWN_WORDS_LENGTH) }),
    ...(referrer !== undefined && { referrer: cut(referrer, OWN_WORDS_LENGTH) }),
  };
}

/** `Jane Doe, Head of IT at Acme (Manufacturing, 450 employees, DE)`. */
function whoIs(person: PersonFacts, account: AccountFacts | undefined): string {
  const name = [person.firstName, person.lastName].filter(Boolean).join(' ');
  const company = person.company ?? account?.name ?? account?.domain;
  const employees = person.employees ?? account?.employees;
  const about = [
    person.industry ?? account?.industry,
    employees === undefined ? undefined : `${employees} employees`,
    person.country ?? account?.country,
  ].filter(Boolean);
  const role = [person.title, company].filter(Boolean).join(' at ');
  const who = [name || person.email || 'Somebody without a name', role].filter(Boolean).join(', ');
  return about.length === 0 ? who : `${who} (${about.join(', ')})`;
}
