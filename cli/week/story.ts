import pc from 'picocolors';
import { type Handoff, Handoff as HandoffSchema } from '#core/records/handoff.ts';
import { inOrder, LOG_PREFIX, LogEntry } from '#core/records/log-entry.ts';
import { Person, personKey } from '#core/records/person.ts';
import { readAll, readExisting } from '#core/records/store.ts';
import type { PlayedWeek } from './play.ts';

/** What a story leaves out: what the reader can do without. */
const DULL = /^(person written|details changed|task closed|message withdrawn|account |briefing)/;
const COLOURS = { event: pc.cyan, decision: pc.yellow, effect: pc.dim, clock: pc.magenta } as const;

/**
 * The lead whose week shows most of the loop: ignored, alerted, reassigned and handed back; `undefined`
 * if sales was too good for that.
 */
export async function tellStory(week: PlayedWeek): Promise<string[] | undefined> {
  const { db, hub } = week.embedded;
  const rows = db.sql
    .prepare("select data from items where type = 'handoff' order by pk, sk")
    .all() as { data: string }[];
  const handoffs = rows.map(({ data }) => HandoffSchema.parse(JSON.parse(data)));
  const hero =
    handoffs.find(isTelling) ??
    handoffs.find(({ status, round }) => status === 'handed-back' && round > 0);
  if (hero === undefined) return undefined;

  const { data: person } = await readExisting(hub.records, Person, personKey(hero.personId));
  const log = await readAll(hub.records, LogEntry, {
    pk: `PERSON#${hero.personId}`,
    prefix: LOG_PREFIX,
  });
  const { firstName = '', lastName = '', title, company } = person.facts;
  const heading =
    `${firstName} ${lastName}`.trim() +
    (company === undefined ? '' : `, ${[title, company].filter(Boolean).join(' at ')}`);
  return [
    pc.bold(heading),
    ...log
      .sort(inOrder)
      .filter((entry) => !DULL.test(entry.title))
      .map(line),
  ];
}

const isTelling = (handoff: Handoff) =>
  handoff.status === 'handed-back' &&
  handoff.round >= 1 &&
  handoff.reason === 'no_action' &&
  handoff.clocks.some(({ breachedAt }) => breachedAt !== undefined);

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const WIDTH = 80;

function line({ at, kind, title }: LogEntry): string {
  const when = `${DAYS[new Date(at).getUTCDay()]} ${at.slice(11, 16)}`;
  const readable = title
    .replaceAll('@northwind.example', '')
    .replaceAll(/(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):\d{2}\.\d{3}Z/g, '$1 $2');
  const room = WIDTH - 23;
  const cut = readable.length > room ? `${readable.slice(0, room - 1)}…` : readable;
  return `  ${pc.dim(when)}  ${COLOURS[kind](kind.padEnd(8))}  ${cut}`;
}
