import { verifyFolder } from '#cli/store/verify-folder.ts';
import { ALERT_CHANNEL } from '#core/handoff/alert.ts';
import { twoClocks } from '#core/handoff/two-clocks.ts';
import { VERBS } from '#core/operations.ts';
import { listQuarantined } from '#core/quarantine.ts';
import { Handoff } from '#core/records/handoff.ts';
import { Person, type Standing } from '#core/records/person.ts';
import type { PlayedWeek } from './play.ts';

export interface WeekReport {
  readonly leads: number;
  readonly outcomes: Record<Outcome, number>;
  readonly clocks: { readonly opened: number; readonly met: number; readonly breached: number };
  /** Medians over the hand-offs that somebody acted upon; null where there are none. */
  readonly times: { readonly systemMs: number | null; readonly humanMs: number | null };
  readonly reassigned: number;
  readonly handedBack: number;
  readonly alerts: { readonly slack: number; readonly email: number };
  readonly duplicatesIgnored: number;
  readonly quarantined: number;
  readonly unaccounted: number;
  /** Each thing on which the hub's store and the vendors disagree. */
  readonly differences: readonly string[];
}

type Outcome = 'with_sales' | 'nurture' | 'declined' | 'won' | 'lost';

const OUTCOMES: Partial<Record<Standing, Outcome>> = {
  'with-sales': 'with_sales',
  nurture: 'nurture',
  declined: 'declined',
  won: 'won',
  lost: 'lost',
};

/**
 * Counts the week three times, and compares: what the world did, what the hub's store says, and
 * what stands in the vendors' own systems. A lead on which they disagree is unaccounted for, and so
 * is whatever the store's own check finds.
 */
export async function audit(week: PlayedWeek): Promise<WeekReport> {
  const { db, hub } = week.embedded;
  const rows = (type: string) =>
    db.sql.prepare('select pk, data from items where type = ? order by pk, sk').all(type) as {
      pk: string;
      data: string;
    }[];
  const people = rows('person').map(({ data }) => Person.parse(JSON.parse(data)));
  const handoffs = rows('handoff').map(({ data }) => Handoff.parse(JSON.parse(data)));
  const leadKeys = new Set(rows('run-lock').map(({ pk }) => pk));
  const leads = people.filter(({ id }) => leadKeys.has(`PERSON#${id}`));
  const clocks = handoffs.flatMap((handoff) => handoff.clocks);

  const listed = addressesOnLists(week);
  const astray: string[] = [];
  // One after the other: vendors have limits.
  for (const lead of leads) astray.push(...(await disagreement(week, lead, listed)));
  const differences = [
    ...unknownLeads(week, leads),
    ...astray,
    ...dealsAstray(week, leads),
    ...verifyFolder(week.folder).findings.map(({ about, message }) => `${about} ${message}`),
  ];
  const count = (outcome: Outcome) =>
    leads.filter(({ standing }) => OUTCOMES[standing] === outcome).length;
  const { copies } = db.sql
    .prepare("select coalesce(sum(copies), 0) as copies from jobs where kind = 'envelope'")
    .get() as { copies: number };
  return {
    leads: leads.length,
    outcomes: {
      with_sales: count('with_sales'),
      nurture: count('nurture'),
      declined: count('declined'),
      won: count('won'),
      lost: count('lost'),
    },
    clocks: {
      opened: clocks.length,
      met: clocks.filter(({ metAt }) => metAt !== undefined).length,
      breached: clocks.filter(({ breachedAt }) => breachedAt !== undefined).length,
    },
    times: medianTimes(week, handoffs),
    reassigned: handoffs.reduce((sum, { round }) => sum + round, 0),
    handedBack: handoffs.filter(({ status }) => status === 'handed-back').length,
    alerts: alertsSeen(week),
    duplicatesIgnored: copies,
    quarantined: (await listQuarantined(hub.records)).length,
    unaccounted: differences.length,
    differences,
  };
}

/** Whoever came must be a lead once, and nobody else may be one. */
function unknownLeads(week: PlayedWeek, leads: readonly Person[]): string[] {
  const now = week.embedded.hub.now();
  const came = new Set(
    week.buyers.filter(({ at }) => at <= now).map(({ facts }) => facts.email.toLowerCase()),
  );
  const known = leads.map(({ facts }) => facts.email ?? '');
  const once = new Map(known.map((email, index) => [email, index]));
  return [
    ...[...came].filter((email) => !once.has(email)).map((email) => `${email} came and is no lead`),
    ...known
      .filter((email) => !came.has(email))
      .map((email) => `${email || 'somebody'} is a lead and never came`),
    ...known
      .filter((email, index) => once.get(email) !== index)
      .map((email) => `${email} is a lead twice`),
  ];
}

/** What the vendors say of a lead, where it is not what the store says. */
async function disagreement(
  week: PlayedWeek,
  lead: Person,
  listed: ReadonlySet<string>,
): Promise<string[]> {
  const who = lead.facts.email ?? lead.id;
  const problem = await CHECKS[lead.standing](week, lead, listed);
  return problem === undefined ? [] : [`${who}: ${lead.standing}, but ${problem}`];
}

type Check = (
  week: PlayedWeek,
  lead: Person,
  listed: ReadonlySet<string>,
) => Promise<string | undefined>;

const noOutcome: Check = async () => 'that is no outcome';
const dealClosed: Check = async (week, lead) => {
  const closed = closedDeal(week, lead);
  return closed === lead.standing ? undefined : `the deal is ${closed ?? 'not closed'} in the CRM`;
};

const CHECKS: Record<Standing, Check> = {
  contact: noOutcome,
  rating: noOutcome,
  won: dealClosed,
  lost: dealClosed,
  async 'with-sales'(week, lead) {
    const owner = (await crmRecord(week, lead))?.owner ?? 'nobody';
    return owner === lead.owner.id || lead.owner.kind === 'queue'
      ? undefined
      : `owned by ${owner} in the CRM, not by ${lead.owner.id}`;
  },
  async nurture(_week, lead, listed) {
    return listed.has(lead.facts.email ?? '') ? undefined : 'on no nurture list';
  },
  async declined(week, lead) {
    const record = await crmRecord(week, lead);
    // Whom somebody converted is a contact in Salesforce, which has no status of its own.
    if (record === undefined || (record.isSalesforceContact && record.status === undefined)) return;
    return /unqualified/i.test(record.status ?? '') ? undefined : `${record.status} in the CRM`;
  },
};

const CRMS = ['salesforce', 'hubspot'] as const;

interface CrmRecord {
  readonly owner?: string | undefined;
  readonly status?: string | undefined;
  readonly isSalesforceContact: boolean;
}

/** Owner and status as the CRM answers them to anybody who asks. */
async function crmRecord({ embedded }: PlayedWeek, lead: Person): Promise<CrmRecord | undefined> {
  const ref = lead.external.find(
    ({ connection, kind }) => CRMS.some((crm) => crm === connection) && kind !== 'deal',
  );
  if (ref === undefined) return undefined;
  const { connection, kind, id } = ref;
  const answer = await embedded.connections.call({
    connection,
    operation: 'person.read',
    input: { record: { kind, id } },
    key: 'audit',
    recovering: false,
  });
  const { record, facts } = VERBS['person.read'].output.parse(answer);
  const isSalesforceContact = connection === 'salesforce' && record.kind === 'contact';
  return { owner: facts.owner, status: facts.status, isSalesforceContact };
}

function addressesOnLists({ vendors }: PlayedWeek): ReadonlySet<string> {
  const { leads, lists } = vendors.marketo;
  const members = [...lists.values()].flatMap((ids) => [...ids]);
  return new Set(members.map((id) => String(leads.get(id)?.['email']).toLowerCase()));
}

function closedDeal({ floor }: PlayedWeek, lead: Person): 'won' | 'lost' | undefined {
  return lead.external
    .map(({ connection, id }) => floor.closed.get(`${connection}/${id}`))
    .find((outcome) => outcome !== undefined);
}

/** Every deal that sales closed must have closed a lead. */
function dealsAstray({ floor }: PlayedWeek, leads: readonly Person[]): string[] {
  const known = new Set(
    leads.flatMap(({ external }) => external.map(({ connection, id }) => `${connection}/${id}`)),
  );
  return [...floor.closed.keys()]
    .filter((record) => !known.has(record))
    .map((record) => `${record}: a deal was closed, but whose?`);
}

/** Alerts as those who got them count them: breaches in the channel, and mails that are no invitations. */
/** What the hub needed to tell an owner, and owners to act after that in their working time. */
function medianTimes({ embedded }: PlayedWeek, handoffs: readonly Handoff[]): WeekReport['times'] {
  const { playbook, now } = embedded.hub;
  const acted = handoffs
    .map((handoff) => twoClocks(playbook, handoff, now()))
    .filter((times) => times.acted);
  const median = (values: readonly (number | undefined)[]) => {
    const known = values.filter((value) => value !== undefined).toSorted((a, b) => a - b);
    return known[Math.floor(known.length / 2)] ?? null;
  };
  return {
    systemMs: median(acted.map(({ systemMs }) => systemMs)),
    humanMs: median(acted.map(({ humanMs }) => humanMs)),
  };
}

function alertsSeen({ vendors }: PlayedWeek): { slack: number; email: number } {
  const posts = vendors.slack.writes.filter(
    ({ verb, target }) => verb === 'message.post' && target === ALERT_CHANNEL,
  );
  return {
    slack: posts.length,
    email: vendors.mailbox.mails.filter(({ subject }) => !subject.startsWith('A lead')).length,
  };
}
