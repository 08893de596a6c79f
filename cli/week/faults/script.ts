import type { FaultOrder } from '#cli/sandbox/faults.ts';
import type { Vendors } from '#cli/sandbox/vendors.ts';
import type { Fault } from '#connectors/kit/faults.ts';
import type { Agenda } from '../agenda.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How much of the last day is left, so that vendors are well again when its evening comes. */
const CALM_EVENING_MS = 6 * HOUR_MS;
/** How long the hub goes on afterwards: a weekend, and a day for what is done again after it. */
export const CALM_DAYS = 3;

type Struck = Pick<FaultOrder, 'times' | 'forMs' | 'chance' | 'path'>;
type Plan = Partial<Record<Fault, readonly Struck[]>>;

const ONE: readonly Struck[] = [{ times: 1 }, { times: 1 }];
const FEW: readonly Struck[] = [{ times: 3 }, { times: 3 }];
/** A vendor that ends a token ends one; the next one is good. */
const ONE_TOKEN: readonly Struck[] = [{ times: 1 }, { times: 1 }, { times: 1 }];
const AN_HOUR: readonly Struck[] = [{ forMs: HOUR_MS }];
/** Long enough to be seen by the daily look. */
const A_DAY: Struck = { forMs: 26 * HOUR_MS };
const NEWS: Plan = { duplicate: FEW, disorder: FEW, late: FEW };
const TWO_HOURS: readonly Struck[] = [{ forMs: 2 * HOUR_MS }];
/** What strikes a vendor that tells news, is asked for what it did not tell, and is written to. */
const BOTH_WAYS: Plan = {
  ...NEWS,
  miss: FEW,
  throttle: FEW,
  quota: TWO_HOURS,
  token: ONE_TOKEN,
  partial: [{ times: 1 }],
  'lost-answer': FEW,
  outage: AN_HOUR,
};

/** What strikes each vendor of the demo; a site has nobody to ask again, so its news is never lost. */
const PLAN: Readonly<Record<string, Plan>> = {
  salesforce: { ...BOTH_WAYS, drift: [{ path: 'Lead.Title', ...A_DAY }] },
  hubspot: { ...BOTH_WAYS, stage: FEW, drift: [A_DAY] },
  // It has little news, and each fault wants some of it.
  marketo: { ...BOTH_WAYS, duplicate: ONE, disorder: ONE, late: ONE, miss: ONE },
  slack: {
    duplicate: FEW,
    throttle: FEW,
    token: [{ times: 1 }],
    'lost-answer': FEW,
    outage: AN_HOUR,
  },
  enrichment: {
    throttle: FEW,
    quota: TWO_HOURS,
    token: [{ times: 1 }],
    outage: AN_HOUR,
  },
  website: NEWS,
};

/** Every fault of the script with its vendor. */
export function plannedFaults(): { readonly connection: string; readonly fault: Fault }[] {
  return Object.entries(PLAN).flatMap(([connection, plan]) =>
    (Object.keys(plan) as Fault[]).map((fault) => ({ connection, fault })),
  );
}

/**
 * Has everything go wrong at every vendor at times that the seed draws, each fault from then on as
 * often as the script says; in the evening of the last day all is well again and what was held back comes.
 */
export function planFaults(world: {
  readonly agenda: Agenda;
  readonly vendors: Vendors;
  readonly random: () => number;
  readonly from: Date;
  readonly days: number;
}): void {
  const { agenda, vendors, random, from, days } = world;
  const calmAt = from.getTime() + days * DAY_MS - CALM_EVENING_MS;
  // Whatever strikes only where somebody calls needs a working day in which they do.
  const first = from.getTime() + 6 * HOUR_MS;
  const last = calmAt - 18 * HOUR_MS;
  for (const [connection, plan] of Object.entries(PLAN)) {
    for (const [fault, all] of Object.entries(plan) as [Fault, readonly Struck[]][]) {
      for (const struck of all) {
        const at = inWorkingHours(first + random() * (last - first));
        agenda.plan(at, () => {
          vendors.faults.add({ connection, fault, ...struck });
        });
      }
    }
  }
  agenda.plan(new Date(calmAt), () => {
    vendors.faults.clear();
    for (const { catchUp } of [vendors.salesforce, vendors.marketo, vendors.website]) catchUp();
  });
}

const OPENS = 7;
const HOURS = 10;

/** The same day, at an hour in which buyers and salespeople are about. */
function inWorkingHours(at: number): Date {
  const midnight = at - (at % DAY_MS);
  return new Date(midnight + OPENS * HOUR_MS + ((at % DAY_MS) / DAY_MS) * HOURS * HOUR_MS);
}
