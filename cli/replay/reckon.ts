import { groupBy } from '#cli/simulate/group-by.ts';
import { TOLD } from '#cli/simulate/told.ts';
import type { Handoff } from '#core/records/handoff.ts';
import type { Person, Standing } from '#core/records/person.ts';
import type { HistoricLead, LeadHistory } from './leadforge.ts';

/** What became of every lead of a history, held against what the history says. */
export interface Reckoning {
  readonly leads: number;
  readonly events: number;
  readonly accounts: number;
  /** Accounts whose leads are, or were, with more than one salesperson. */
  readonly accountsWithTwoOwners: { readonly history: number; readonly hub: number };
  readonly handedOff: number;
  /** Sales logged an activity, or opened a deal, which nobody does by doing nothing. */
  readonly worked: number;
  /** Of these, how many have a deal and no activity. */
  readonly workedByDealAlone: number;
  readonly neverWorked: number;
  /** Of those never worked, how many came back to marketing. */
  readonly handedBack: number;
  /** Worked, but handed back before, or left after. */
  readonly handedBackThoughWorked: number;
  readonly outcomes: Readonly<
    Record<'won' | 'lost' | 'withSales' | 'nurture' | 'declined', number>
  >;
  readonly unaccounted: number;
  /** Each lead on which hub and history disagree, and each lead without one owner and one next action. */
  readonly differences: readonly string[];
}

/** What the hub's books say at the end. */
export interface Books {
  readonly people: readonly Person[];
  readonly handoffs: readonly Handoff[];
  /** What is wrong with them, if anything. */
  readonly findings: readonly string[];
}

/** Counts each lead of the history once, by what the hub made of it. */
export function reckon({ leads, events }: LeadHistory, books: Books): Reckoning {
  const handoffs = groupBy(books.handoffs, ({ personId }) => personId);
  const people = groupBy(books.people, leadIdOf);
  const fates = leads.map((lead): Fate => {
    const found = people.get(lead.id) ?? [];
    const [person] = found;
    return { lead, person, found: found.length, handoffs: handoffs.get(person?.id ?? '') ?? [] };
  });
  const neverWorked = fates.filter(({ lead }) => !isWorked(lead));
  const worked = fates.filter(({ lead }) => isWorked(lead));
  const differences = [
    ...fates.flatMap((fate) => disagreements(fate).map((what) => `${fate.lead.id} ${what}`)),
    ...books.findings,
  ];
  const standing = (wanted: Standing) =>
    fates.filter(({ person }) => person?.standing === wanted).length;
  return {
    leads: leads.length,
    events: events.length,
    accounts: new Set(leads.map(({ account }) => account)).size,
    accountsWithTwoOwners: {
      history: withTwo(fates, ({ lead }) => [lead.owner]),
      hub: withTwo(fates, (fate) => fate.handoffs.map(({ owner }) => owner)),
    },
    handedOff: fates.filter((fate) => fate.handoffs.length > 0).length,
    worked: worked.length,
    workedByDealAlone: worked.filter(({ lead }) => lead.activities === 0).length,
    neverWorked: neverWorked.length,
    handedBack: neverWorked.filter(isHandedBack).length,
    handedBackThoughWorked: worked.filter(isHandedBack).length,
    outcomes: {
      won: standing('won'),
      lost: standing('lost'),
      withSales: standing('with-sales'),
      nurture: standing('nurture'),
      declined: standing('declined'),
    },
    unaccounted: differences.length,
    differences,
  };
}

interface Fate {
  readonly lead: HistoricLead;
  readonly person: Person | undefined;
  /** How many people of the hub are this lead. */
  readonly found: number;
  readonly handoffs: readonly Handoff[];
}

const leadIdOf = ({ external }: Person) =>
  external.find(({ connection, kind }) => connection === TOLD && kind === 'lead')?.id;

const isWorked = ({ activities, deal }: HistoricLead) => activities > 0 || deal !== undefined;

const isHandedBack = ({ handoffs }: Fate) =>
  handoffs.some(({ status }) => status === 'handed-back');

function withTwo(fates: readonly Fate[], owners: (fate: Fate) => readonly string[]): number {
  const byAccount = groupBy(fates, ({ lead }) => lead.account);
  return [...byAccount.values()].filter((some) => new Set(some.flatMap(owners)).size > 1).length;
}

/** Standings in which a lead has come to rest, with an owner and a time to look again. */
const OUTCOMES: ReadonlySet<Standing> = new Set<Standing>([
  'with-sales',
  'nurture',
  'declined',
  'won',
  'lost',
]);

function disagreements({ lead, person, found }: Fate): string[] {
  if (person === undefined) return ['never became a lead of the hub'];
  const { standing } = person;
  const { deal } = lead;
  return [
    found > 1 ? 'is there twice' : undefined,
    OUTCOMES.has(standing) ? undefined : `came to no outcome: ${standing}`,
    (deal === 'won' || deal === 'lost') && standing !== deal
      ? `was ${deal}, but the hub says ${standing}`
      : undefined,
    !isWorked(lead) && standing === 'with-sales'
      ? 'was never worked and is still with sales'
      : undefined,
  ].filter((what) => what !== undefined);
}
