import type { PersonFacts } from '#core/events.ts';

/** A buyer of the week: who they are, how they come, and how serious they are. */
export interface Buyer {
  readonly facts: PersonFacts & {
    readonly email: string;
    readonly firstName: string;
    readonly lastName: string;
  };
  readonly source: 'website-demo' | 'website-form' | 'marketo' | 'hubspot' | 'salesforce';
  readonly visitor: string;
  /** Pages seen before anybody knew who it was. */
  readonly pages: readonly Page[];
  /** When the lead comes in. */
  readonly at: Date;
  readonly need: string;
  readonly timeline: string;
  /** Whether the enrichment vendor knows them, and the form therefore asked for little. */
  readonly enriched: boolean;
}

export interface Page {
  readonly title: string;
  readonly path: string;
}

const PAGES: readonly Page[] = [
  { title: 'Pricing', path: '/pricing' },
  { title: 'Integrations', path: '/product/integrations' },
  { title: 'Security', path: '/security' },
  { title: 'Customers', path: '/customers' },
  { title: 'Compare', path: '/compare' },
  { title: 'Why leads go cold', path: '/blog/why-leads-go-cold' },
  { title: 'Careers', path: '/careers' },
];

const FIRST = [
  'Ada',
  'Ben',
  'Carla',
  'Dmitri',
  'Elena',
  'Farid',
  'Greta',
  'Hugo',
  'Ines',
  'Jamal',
  'Kaia',
  'Lars',
  'Mina',
  'Nuno',
  'Olga',
  'Pavel',
  'Quinn',
  'Rosa',
  'Sven',
  'Tara',
];
const LAST = [
  'Albers',
  'Bianchi',
  'Castro',
  'Dufour',
  'Engel',
  'Fischer',
  'Garcia',
  'Hansen',
  'Ito',
  'Jensen',
  'Kowalski',
  'Lindqvist',
  'Moreau',
  'Novak',
  'Olsen',
  'Petrov',
  'Quist',
  'Rossi',
  'Schmidt',
  'Tanaka',
];
const COMPANIES = [
  'Altona Systems',
  'Birkenfeld',
  'Cordoba Logistics',
  'Deltaworks',
  'Everline',
  'Fjord Energy',
  'Granite Insurance',
  'Helvetia Machines',
  'Ironbridge',
  'Juniper Retail',
  'Kestrel Media',
  'Lumen Health',
  'Marlow Bank',
  'Northgate Foods',
  'Orchard Software',
  'Pinecone Data',
  'Quarry Steel',
  'Ravelin Travel',
  'Solent Marine',
  'Tidewater',
];
const TITLES = [
  'VP Marketing',
  'Head of Revenue Operations',
  'Marketing Manager',
  'CTO',
  'Director of Sales',
  'Marketing Specialist',
  'Student',
  'Chief Revenue Officer',
  'Operations Analyst',
  'Sales Manager',
];
const COUNTRIES = [
  'DE',
  'DE',
  'AT',
  'CH',
  'GB',
  'GB',
  'IE',
  'FR',
  'NL',
  'ES',
  'SE',
  'US',
  'US',
  'US',
  'CA',
  'BR',
  'IN',
];
const INDUSTRIES = [
  'Software',
  'Financial Services',
  'Manufacturing',
  'Logistics',
  'Retail',
  'Health Care',
  'Education',
];
const SIZES = [12, 45, 120, 260, 480, 900, 1400, 5200, 24_000];
const NEEDS = [
  'Our reps never see the leads we make.',
  'We lose track of which campaign paid off.',
  'We need a hand-over that sales agrees to.',
  'Two teams, two lists, no owner.',
];
const TIMELINES = ['this month', 'this quarter', 'next quarter', 'just looking'];
const SOURCES = [
  'website-demo',
  'website-form',
  'website-form',
  'marketo',
  'marketo',
  'hubspot',
  'salesforce',
] as const;

/** Monday to Friday. */
export const WORKING_WEEK_DAYS = 5;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Buyers come at all hours, most of them by day. */
const HOURS = [6, 7, 8, 8, 9, 9, 10, 10, 11, 12, 13, 13, 14, 14, 15, 16, 17, 19, 21];

/** How many come on a day from Monday to Sunday, beside those of a working day. */
const CROWD = [1, 1, 1, 1, 1, 0.25, 0.25];
/** What of the last day is left out, so that there is time for what the last ones start. */
const QUIET_END = 0.4;

/** Spreads draws from 0 to 1 over so many days from a Monday on. */
function drawDay(days: number): (drawn: number) => number {
  const until: number[] = [];
  for (let day = 0; day < days; day += 1) until.push((until.at(-1) ?? 0) + (CROWD[day % 7] ?? 1));
  const lastDay = CROWD[(days - 1) % 7] ?? 1;
  const all = (until.at(-1) ?? 1) - QUIET_END * lastDay;
  return (drawn) => until.findIndex((end) => drawn * all < end);
}

/** Invents the buyers of so many days from a Monday on; the same draws give the same buyers. */
export function inventBuyers(
  random: () => number,
  count: number,
  monday: Date,
  days = WORKING_WEEK_DAYS,
): Buyer[] {
  const dayOf = drawDay(days);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const companies = COMPANIES.flatMap((name) =>
    ['', ' Group', ' Labs'].map((suffix) => `${name}${suffix}`),
  ).map((name) => ({
    name,
    domain: `${name.toLowerCase().replaceAll(' ', '-')}-hq.com`,
    country: pick(COUNTRIES),
    industry: pick(INDUSTRIES),
    employees: pick(SIZES),
  }));
  const buyers = Array.from({ length: count }, (_, index): Buyer => {
    const company = pick(companies);
    const firstName = pick(FIRST);
    const lastName = pick(LAST);
    const mailbox = `${firstName}.${lastName}.${index}`.toLowerCase();
    const email = random() < 0.12 ? `${mailbox}@gmail.com` : `${mailbox}@${company.domain}`;
    const day = dayOf(random());
    const at = new Date(
      monday.getTime() +
        day * 24 * HOUR_MS +
        pick(HOURS) * HOUR_MS +
        Math.floor(random() * 60) * MINUTE_MS,
    );
    const seriousness = random();
    return {
      facts: {
        email,
        firstName,
        lastName,
        title: pick(TITLES),
        company: company.name,
        country: company.country,
        industry: company.industry,
        employees: company.employees,
      },
      source: pick(SOURCES),
      visitor: `visitor-${index}`,
      pages: Array.from({ length: Math.floor(seriousness * 5) }, () => pick(PAGES)),
      at,
      need: pick(NEEDS),
      timeline: pick(TIMELINES),
      enriched: random() < 0.6,
    };
  });
  return buyers.sort((left, right) => left.at.getTime() - right.at.getTime());
}
