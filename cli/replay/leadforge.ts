import { TOLD } from '#cli/simulate/told.ts';
import type { TouchKind, TranslatedEvent } from '#core/events.ts';
import { shortHash } from '#core/hash.ts';
import type { Row, Tables } from './tables.ts';

/** A history as a hub could have heard it, and what it says of each lead. */
export interface LeadHistory {
  /** By the time at which they happened. */
  readonly events: readonly TranslatedEvent[];
  readonly leads: readonly HistoricLead[];
  readonly from: Date;
  /** Nothing happened after this. */
  readonly until: Date;
}

export interface HistoricLead {
  readonly id: string;
  readonly email: string;
  readonly account: string;
  /** Whom the company gave it to. */
  readonly owner: string;
  /** What sales logged about it. */
  readonly activities: number;
  readonly deal: 'won' | 'lost' | 'open' | undefined;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** The data set tells days. Within one, causes come before what they cause, each kind within its hour. */
const HOURS = { lead: 9, touch: 10, session: 11, activity: 13, opened: 14, closed: 15 } as const;

/** Middles of the bands. */
const EMPLOYEES: Record<string, number> = {
  '200-499': 350,
  '500-999': 750,
  '1000-1999': 1500,
  '2000+': 4000,
};
const COUNTRIES: Record<string, string> = { UK: 'GB', US: 'US' };

/**
 * The data set as canonical events. A lead is a record of its own, as in the CRM it comes from:
 * several may stand for one contact, and each is counted.
 */
export function leadHistory(tables: Tables): LeadHistory {
  const accounts = new Map(tables.accounts.map((one) => [one.account_id, one]));
  const contacts = new Map(tables.contacts.map((one) => [one.contact_id, one]));
  const activities = countBy(tables.sales_activities, ({ lead_id }) => lead_id);
  const deals = new Map(tables.opportunities.map((one) => [one.lead_id, dealOf(one)]));
  const known = new Set(tables.leads.map(({ lead_id }) => lead_id));
  const ofLead = ({ lead_id }: { readonly lead_id: string }) => known.has(lead_id);
  const events = [
    ...tables.leads.map((lead) =>
      captured(lead, accounts.get(lead.account_id), contacts.get(lead.contact_id)),
    ),
    ...tables.touches.filter(ofLead).map(touched),
    ...tables.sessions.filter(ofLead).map(visited),
    ...tables.sales_activities.filter(ofLead).map(worked),
    ...tables.opportunities.filter(ofLead).flatMap(dealt),
  ].sort((left, right) => compare(left.at, right.at) || compare(left.sourceId, right.sourceId));
  const first = events[0]?.at.slice(0, 10) ?? '1970-01-01';
  const last = events.at(-1)?.at.slice(0, 10) ?? first;
  return {
    events,
    from: new Date(first),
    until: new Date(Date.parse(last) + DAY_MS),
    leads: tables.leads.map((lead) => ({
      id: lead.lead_id,
      email: emailOf(lead),
      account: lead.account_id,
      owner: lead.owner_rep_id,
      activities: activities.get(lead.lead_id) ?? 0,
      deal: deals.get(lead.lead_id),
    })),
  };
}

/** The part of a data set that is about so many of its accounts, drawn by a seed. */
export function someAccounts(tables: Tables, count: number, seed: string): Tables {
  const withLeads = [...new Set(tables.leads.map(({ account_id }) => account_id))];
  const drawn = withLeads
    .map((id) => ({ id, draw: shortHash(seed, id) }))
    .sort((left, right) => compare(left.draw, right.draw))
    .slice(0, count);
  const chosen = new Set(drawn.map(({ id }) => id));
  return { ...tables, leads: tables.leads.filter(({ account_id }) => chosen.has(account_id)) };
}

const compare = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);

function countBy<T>(rows: readonly T[], key: (row: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(key(row), (counts.get(key(row)) ?? 0) + 1);
  return counts;
}

/** Within the hour of its kind, always at the same minute for the same row. */
function momentOf(day: string, kind: keyof typeof HOURS, id: string): string {
  const minute = Number.parseInt(shortHash('minute', id).slice(0, 4), 16) % 60;
  return new Date(Date.parse(day) + HOURS[kind] * HOUR_MS + minute * MINUTE_MS).toISOString();
}

const emailOf = ({ lead_id, account_id }: Pick<Row<'leads'>, 'lead_id' | 'account_id'>) =>
  `${lead_id}@${domainOf(account_id)}`;
const domainOf = (account: string) => `${account.replaceAll('_', '-')}.example`;
const repEmail = (rep: string) => `${rep}@leadforge.example`;

const about = (kind: keyof typeof HOURS, day: string, id: string, lead: string) => ({
  at: momentOf(day, kind, id),
  sourceId: `${id}/${kind}`,
  subject: { external: [{ connection: TOLD, kind: 'lead', id: lead }] },
});

function captured(
  lead: Row<'leads'>,
  account: Row<'accounts'> | undefined,
  contact: Row<'contacts'> | undefined,
): TranslatedEvent {
  const base = about('lead', lead.lead_created_at, lead.lead_id, lead.lead_id);
  return {
    ...base,
    type: 'lead.captured',
    form: lead.lead_source,
    handRaiser: false,
    person: {
      email: emailOf(lead),
      firstName: lead.contact_id,
      lastName: lead.lead_id,
      title: contact?.job_title,
      company: account?.company_name,
      website: `https://${domainOf(lead.account_id)}`,
      industry: account?.industry.replaceAll('_', ' '),
      country: COUNTRIES[account?.region ?? ''],
      employees: EMPLOYEES[account?.employee_band ?? ''],
    },
    campaign: { source: lead.lead_source },
  };
}

/** A call or a mail is ours or theirs; what they do on their own is always theirs. */
const TOUCHES: Record<Row<'touches'>['touch_type'], Record<'inbound' | 'outbound', TouchKind>> = {
  call: { inbound: 'call-held', outbound: 'call-held' },
  email: { inbound: 'email-clicked', outbound: 'email-received' },
  webinar: { inbound: 'webinar-attended', outbound: 'webinar-attended' },
  linkedin_message: { inbound: 'social-engaged', outbound: 'social-engaged' },
  content_download: { inbound: 'asset-downloaded', outbound: 'asset-downloaded' },
};

function touched(row: Row<'touches'>): TranslatedEvent {
  const kind = TOUCHES[row.touch_type][row.touch_direction];
  return {
    ...about('touch', row.touch_timestamp, row.touch_id, row.lead_id),
    type: 'touch.recorded',
    touch: { kind, name: row.touch_type.replaceAll('_', ' ') },
  };
}

function visited(row: Row<'sessions'>): TranslatedEvent {
  return {
    ...about('session', row.session_timestamp, row.session_id, row.lead_id),
    type: 'touch.recorded',
    touch: { kind: 'page-visited', name: row.session_type.replaceAll('_', ' ') },
  };
}

function worked(row: Row<'sales_activities'>): TranslatedEvent {
  const { activity_type: type } = row;
  return {
    ...about('activity', row.activity_timestamp, row.activity_id, row.lead_id),
    type: 'handoff.worked',
    by: { email: repEmail(row.rep_id) },
    via: 'crm',
    activity: type === 'demo' ? 'meeting' : type,
    summary: row.activity_outcome.replaceAll('_', ' '),
  };
}

function dealOf({ close_outcome }: Row<'opportunities'>): 'won' | 'lost' | 'open' {
  if (close_outcome === 'closed_won') return 'won';
  return close_outcome === 'closed_lost' ? 'lost' : 'open';
}

/** A deal is opened, and closed where it was. */
function dealt(row: Row<'opportunities'>): TranslatedEvent[] {
  const outcome = dealOf(row);
  const opportunity = {
    ref: { connection: TOLD, kind: 'opportunity', id: row.opportunity_id },
    amountMinor: Math.round(row.estimated_acv) * 100,
    currency: 'USD',
  };
  const opened: TranslatedEvent = {
    ...about('opened', row.created_at, row.opportunity_id, row.lead_id),
    type: 'opportunity.changed',
    opportunity: { ...opportunity, stage: 'opened', outcome: 'open' },
  };
  if (outcome === 'open' || row.closed_at == null) return [opened];
  const closed: TranslatedEvent = {
    ...about('closed', row.closed_at, row.opportunity_id, row.lead_id),
    type: 'opportunity.changed',
    opportunity: { ...opportunity, stage: row.stage, outcome },
  };
  return [opened, closed];
}
