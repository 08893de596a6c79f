import { type Buyer, inventBuyers } from '#cli/week/buyers.ts';
import type { PersonFacts, TranslatedEvent } from '#core/events.ts';
import { seededRandom } from '#platform/embedded/seeded-random.ts';
import { between, type Draws, openDraws } from './draws.ts';

/** What somebody would do, whichever playbook is in force. */
export interface Fate {
  /** Would buy from whoever gets to them in time. */
  readonly buys: boolean;
  /** How long after each sign of interest sales still comes in time. */
  readonly patienceMs: number;
  /** From the first talk to a deal, and from there to its end. */
  readonly opensAfterMs: number;
  readonly closesAfterMs: number;
}

export interface Somebody {
  readonly buyer: Buyer;
  readonly fate: Fate;
  /** When they show interest, the first time and again. */
  readonly signsAt: readonly Date[];
  readonly events: readonly TranslatedEvent[];
}

export interface World {
  readonly draws: Draws;
  readonly from: Date;
  readonly until: Date;
  readonly people: ReadonlyMap<string, Somebody>;
  /** What the enrichment vendor knows of whom. */
  enrich(email: string): PersonFacts | undefined;
}

/** A Monday without a public holiday in its week in any of the shipped calendars. */
const MONDAY = new Date('2026-12-07T00:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Guesses, and no findings: a simulation compares playbooks under them and foretells nothing. */
const COMPANY_BUYS = 0.5;
const MEMBER_BUYS = 0.6;
/** From four hours to four weeks, as many in each doubling. */
const PATIENCE_DOUBLINGS = 7.4;
const SHORTEST_PATIENCE_HOURS = 4;
const RETURNS = 0.35;

/** Companies, their buying groups and what each member does, all by the seed alone. */
export function inventWorld(seed: string, leads: number, days: number): World {
  const draws = openDraws(seed);
  const buyers = inventBuyers(seededRandom(`${seed}/buyers`), leads, MONDAY, days);
  const until = new Date(MONDAY.getTime() + days * DAY_MS);
  const people = new Map(
    buyers.map((buyer) => [buyer.facts.email, somebody(draws, buyer, until)] as const),
  );
  return {
    draws,
    from: MONDAY,
    until,
    people,
    enrich(email) {
      const buyer = people.get(email)?.buyer;
      return buyer?.enriched === true ? buyer.facts : undefined;
    },
  };
}

function somebody(draws: Draws, buyer: Buyer, until: Date): Somebody {
  const { email, company = '' } = buyer.facts;
  const own = (what: string) => draws('person', email, what);
  const doublings = own('patience') * PATIENCE_DOUBLINGS;
  const fate: Fate = {
    // A buying group has one budget.
    buys: draws('company', company, 'buys') < COMPANY_BUYS && own('buys') < MEMBER_BUYS,
    patienceMs: SHORTEST_PATIENCE_HOURS * HOUR_MS * 2 ** doublings,
    opensAfterMs: between(own('opens'), [2, 48]) * HOUR_MS,
    closesAfterMs: between(own('closes'), [1, 9]) * DAY_MS,
  };
  const again = new Date(buyer.at.getTime() + between(own('again'), [10, 45]) * DAY_MS);
  const returns = own('returns') < RETURNS && again < until;
  return {
    buyer,
    fate,
    signsAt: returns ? [buyer.at, again] : [buyer.at],
    events: [
      ...visits(buyer),
      arrival(buyer),
      ...(returns ? returning(buyer, again, own('talks') < 0.5) : []),
    ],
  };
}

/** Looks around before anybody knows who it is. */
function visits({ pages, visitor, at }: Buyer): TranslatedEvent[] {
  return pages.map((page, index) => ({
    type: 'touch.recorded',
    at: new Date(at.getTime() - (90 - index * 7) * MINUTE_MS).toISOString(),
    sourceId: `${visitor}/page/${index}`,
    subject: { anonymousId: visitor },
    touch: { kind: 'page-visited', name: page.title, url: page.path },
  }));
}

const ASKS_TO_TALK: ReadonlySet<Buyer['source']> = new Set<Buyer['source']>([
  'website-demo',
  'hubspot',
  'salesforce',
]);

function arrival(buyer: Buyer): TranslatedEvent {
  const { facts, visitor, at, source, need, timeline } = buyer;
  const { email, firstName, lastName } = facts;
  const base = {
    at: at.toISOString(),
    sourceId: `${visitor}/arrival`,
    subject: { email, anonymousId: visitor },
    campaign: { source },
  };
  if (source === 'marketo') {
    return { ...base, type: 'lead.qualified', person: facts, program: 'Nurture' };
  }
  // Whom the enrichment vendor knows is asked for little, as good forms do.
  const person = buyer.enriched ? { email, firstName, lastName } : facts;
  if (!ASKS_TO_TALK.has(source)) {
    const form = 'Lead benchmark report';
    return { ...base, type: 'lead.captured', person, form, handRaiser: false };
  }
  const form = 'Contact sales';
  return { ...base, type: 'lead.captured', person, form, handRaiser: true, need, timeline };
}

/** Weeks later they look at prices, and some ask to talk. */
function returning({ facts, visitor }: Buyer, again: Date, handRaiser: boolean): TranslatedEvent[] {
  const subject = { email: facts.email, anonymousId: visitor };
  return [
    {
      type: 'touch.recorded',
      at: new Date(again.getTime() - 10 * MINUTE_MS).toISOString(),
      sourceId: `${visitor}/again/page`,
      subject,
      touch: { kind: 'page-visited', name: 'Pricing', url: '/pricing' },
    },
    {
      type: 'lead.captured',
      at: again.toISOString(),
      sourceId: `${visitor}/again`,
      subject,
      person: { email: facts.email },
      form: handRaiser ? 'Contact sales' : 'Buyer checklist',
      handRaiser,
    },
  ];
}
