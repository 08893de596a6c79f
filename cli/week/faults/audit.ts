import type { FakeWrite } from '#connectors/kit/fake.ts';
import type { FaultScript } from '#connectors/kit/faults.ts';
import { listQuarantined } from '#core/quarantine.ts';
import type { PlayedWeek } from '../play.ts';
import { inAttention } from './caretaker.ts';
import { plannedFaults } from './script.ts';

/** What a week of faults came to, beside what the audit of every week says. */
export interface FaultsReport {
  /** How often each fault struck, by connection. */
  readonly struck: Readonly<Record<string, FaultScript['tally']>>;
  /** Faults of the script that found no vendor to strike anywhere. */
  readonly unstruck: readonly string[];
  /** Each thing that stands at a vendor twice. */
  readonly doubled: readonly string[];
  /** Each thing that will not come right by itself, though all vendors are well. */
  readonly stuck: readonly string[];
  /** Leads that ops ran again, held news that they replayed, missing fields that they were told of. */
  readonly ops: { readonly rerun: number; readonly replayed: number; readonly gapsTold: number };
}

/** Counts at the vendors what is there twice, and in the hub what still hangs. */
export async function auditFaults(week: PlayedWeek): Promise<FaultsReport> {
  const struck = week.vendors.faults.tally();
  const kinds = new Set(plannedFaults().map(({ fault }) => fault));
  const { rerun = 0, replayed = 0, gapsTold = 0 } = week.caretaker?.did ?? {};
  return {
    struck,
    unstruck: [...kinds].filter((fault) => !Object.values(struck).some((one) => one[fault])),
    doubled: [...writtenTwice(week), ...openTwice(week), ...recordsTwice(week)],
    stuck: await hanging(week),
    ops: { rerun, replayed, gapsTold },
  };
}

/** Whether a week of faults ended well. */
export const endedWell = ({ unstruck, doubled, stuck }: FaultsReport): boolean =>
  unstruck.length + doubled.length + stuck.length === 0;

const MADE_ONCE = new Set(['task.create', 'message.post', 'mail.send', 'note.create']);

/** Of what the hub made under a key, each key once. */
function writtenTwice({ vendors }: PlayedWeek): string[] {
  return Object.entries(vendors.writes()).flatMap(([connection, writes]) => {
    const made = writes.filter(
      ({ verb, detail }) => MADE_ONCE.has(verb) || detail['created'] === true,
    );
    return twice(
      made.flatMap(({ verb, key }) => (key === undefined ? [] : [`${verb} ${key}`])),
    ).map((what) => `${connection}: ${what}`);
  });
}

/** Nobody may have two open tasks about one person, whatever was passed on or run again. */
function openTwice({ vendors: { salesforce, hubspot } }: PlayedWeek): string[] {
  const tasks = (writes: readonly FakeWrite[]) =>
    writes.filter(({ verb }) => verb === 'task.create');
  const inSalesforce = tasks(salesforce.writes)
    .filter(({ target }) => salesforce.row(target)?.['IsClosed'] !== true)
    .map(({ detail }) => `salesforce: open task about ${String(detail['WhoId'])}`);
  const inHubspot = tasks(hubspot.writes)
    .filter(({ target }) => hubspot.task(target)?.properties['hs_task_status'] !== 'COMPLETED')
    .map(({ detail }) => `hubspot: open task about ${String(detail['contact'])}`);
  return twice([...inSalesforce, ...inHubspot]);
}

/** A person is one record at each vendor. */
function recordsTwice({ vendors }: PlayedWeek): string[] {
  const { salesforce, hubspot, marketo } = vendors;
  const made = (writes: readonly FakeWrite[], email: string) =>
    writes.flatMap(({ verb, detail }) =>
      verb === 'person.upsert' && detail['created'] === true
        ? [String(detail[email]).toLowerCase()]
        : [],
    );
  const inMarketo = [...marketo.leads.values()].map(({ email }) => String(email).toLowerCase());
  return [
    ...twice(made(salesforce.writes, 'Email')).map((who) => `salesforce: ${who}`),
    ...twice(made(hubspot.writes, 'email')).map((who) => `hubspot: ${who}`),
    ...twice(inMarketo).map((who) => `marketo: ${who}`),
  ];
}

function twice(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.filter((name) => seen.size === seen.add(name).size);
}

async function hanging(week: PlayedWeek): Promise<string[]> {
  const { embedded, nonsense, caretaker } = week;
  const retried = embedded.db.sql
    .prepare('select id, tries from jobs where done_at is null and tries > 0 order by seq')
    .all() as { id: string; tries: number }[];
  const held = await listQuarantined(embedded.hub.records);
  return [
    ...inAttention(embedded).map(({ id, nextAction }) => `${id}: ${nextAction.what}`),
    ...retried.map(({ id, tries }) => `${id}: tried ${tries} times and not done`),
    ...(held.length > nonsense
      ? held.map(({ id, code }) => `${id}: held in quarantine, ${code}`)
      : []),
    ...(caretaker?.undone() ?? []),
  ];
}
