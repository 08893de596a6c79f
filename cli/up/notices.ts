import * as z from 'zod';
import { moment } from '#cli/moment.ts';
import { nagText, ReviewNag } from '#core/agreement/nag.ts';
import { CanonicalEvent } from '#core/events.ts';
import { describeEvent } from '#core/intake/describe-event.ts';
import { Outage, QuotaWarning } from '#core/limits/episodes.ts';
import type { Item, Write } from '#core/ports/records.ts';
import { Quarantined } from '#core/quarantine.ts';
import { Handoff } from '#core/records/handoff.ts';
import { LogEntry } from '#core/records/log-entry.ts';
import { Person } from '#core/records/person.ts';

/** Something that people at a running hub want to see go by. */
export interface Notice {
  readonly what:
    | 'received'
    | 'handed off'
    | 'breached'
    | 'handed back'
    | 'nurture'
    | 'declined'
    | 'closed'
    | 'playbook'
    | 'trouble';
  readonly text: string;
  readonly personId?: string | undefined;
}

const FreshEvent = z.object({
  event: CanonicalEvent,
  personId: z.string().optional(),
  published: z.literal(false),
});

/** What is notable in records that were just written together. */
export function noticesOf(writes: readonly Write[]): Notice[] {
  const items = writes.flatMap((write) => ('put' in write ? [write.put] : []));
  return items.flatMap((item) => NOTABLE[item.type]?.(item, items) ?? []);
}

/** These come by the thousand; the timeline has them. */
const FREQUENT: readonly CanonicalEvent['type'][] = ['touch.recorded', 'person.changed'];

type Reading = (item: Item, beside: readonly Item[]) => Notice[];

const NOTABLE: Readonly<Record<string, Reading>> = {
  event: ({ data }) => {
    const fresh = FreshEvent.safeParse(data);
    if (!fresh.success || FREQUENT.includes(fresh.data.event.type)) return [];
    const { event, personId } = fresh.data;
    return [
      {
        what: 'received',
        text: `${describeEvent(event).title} (${event.connection})`,
        personId,
      },
    ];
  },
  handoff: ({ data }, beside) => {
    const handoff = Handoff.parse(data);
    const person = beside.find(({ type }) => type === 'person');
    const started = handoff.clocks.some(({ round }) => round === handoff.round);
    if (handoff.status !== 'open' || started || person === undefined) return [];
    const { nextAction } = Person.parse(person.data);
    const text = `to ${handoff.owner}, lane ${handoff.lane}, ${nextAction.what} by ${moment(nextAction.at)}`;
    return [{ what: 'handed off', text, personId: handoff.personId }];
  },
  log: ({ pk, data }) => {
    const { kind, title, detail } = LogEntry.parse(data);
    const what = KINDS.find((one) => one.kind === kind && one.title.test(title))?.what;
    if (what === undefined) return [];
    const why = WithError.safeParse(detail).data?.error.message;
    const text = why === undefined ? title : `${title}: ${why}`;
    return [{ what, text, personId: pk.slice('PERSON#'.length) }];
  },
  quarantined: ({ data }) => {
    const { id, status, connection, message } = Quarantined.parse(data);
    if (status !== 'held') return [];
    return [{ what: 'trouble', text: `held in quarantine as ${id} (${connection}): ${message}` }];
  },
  outage: ({ version, data }) => {
    const { connection, title, over } = Outage.parse(data);
    const name = `${title} (${connection})`;
    if (over) return [{ what: 'trouble', text: `${name} is back` }];
    return version === 1 ? [{ what: 'trouble', text: `${name} is down: calls to it wait` }] : [];
  },
  'review-nag': ({ data }) => [{ what: 'trouble', text: nagText(ReviewNag.parse(data)) }],
  'quota-warning': ({ data }) => {
    const { connection, title, usedPercent, resetsAt } = QuotaWarning.parse(data);
    const text = `${title} (${connection}): ${usedPercent} % of the day's calls are used, until ${moment(resetsAt)}`;
    return [{ what: 'trouble', text }];
  },
};

const WithError = z.object({ error: z.object({ message: z.string() }) });

/** Lines of a timeline that are worth a line here, by how they begin. */
const KINDS: readonly {
  kind: LogEntry['kind'];
  title: RegExp;
  what: Notice['what'];
}[] = [
  { kind: 'clock', title: /^clock \S+: (?:breach|escalate) /, what: 'breached' },
  { kind: 'decision', title: /^handed back\b/, what: 'handed back' },
  { kind: 'decision', title: /^to nurture\b/, what: 'nurture' },
  { kind: 'decision', title: /^declined\b/, what: 'declined' },
  { kind: 'decision', title: /^closed\b/, what: 'closed' },
  { kind: 'decision', title: /^the run failed\b/, what: 'trouble' },
  { kind: 'decision', title: /^no agreement in force\b/, what: 'trouble' },
  { kind: 'effect', title: /^refused\b/, what: 'trouble' },
];
