import type { TouchKind } from '#core/events.ts';
import type { ScoredTouch } from '#core/scoring/scored-touch.ts';
import { cut, quote } from './cut.ts';
import { deeds } from './touches.ts';

const OPENER_LENGTH = 240;
const QUOTE_LENGTH = 110;
const FRESH_DAYS = 90;

/**
 * What people do on purpose and remember having done may be named to them. Everything else was
 * merely noticed: its subject may be raised, but nobody is told that they were watched.
 */
const SAY: Partial<Record<TouchKind, (name: string) => string>> = {
  'meeting-held': (name) => `When we last met we talked about ${name}. What has happened since?`,
  'call-held': (name) => `When we last spoke it was about ${name}. What has happened since?`,
  'chat-started': (name) => `You asked us in the chat about ${name}. Did the answer help?`,
  'trial-started': (name) => `You started the trial ${name}. What should work first for you?`,
  'event-attended': (name) => `You were at ${name}. What did you take home from it?`,
  'webinar-attended': (name) => `You were at ${name}. Which part is closest to your own work?`,
  'form-submitted': (name) => `You filled in ${name}. What did you hope to get from us?`,
  'asset-downloaded': (name) => `You downloaded ${name}. What question did you hope it answers?`,
  'webinar-registered': (name) => `You signed up for ${name}. What interests you about it?`,
};

const RAISE: readonly TouchKind[] = [
  'product-used',
  'page-visited',
  'review-visited',
  'email-clicked',
  'social-engaged',
  'ad-clicked',
  'email-opened',
];

interface OpenerFacts {
  readonly firstName?: string | undefined;
  readonly industry?: string | undefined;
  readonly touches: readonly ScoredTouch[];
  /** In the person's own words. */
  readonly need?: string | undefined;
}

/**
 * A first sentence about something the person wrote or did. It is not told the score, so it
 * cannot mention it.
 */
export function openerFor(facts: OpenerFacts, now: Date): string {
  const name = facts.firstName?.trim() ?? '';
  const greeting = name === '' ? 'Hello' : `Hello ${cut(name, 30)}`;
  return cut(`${greeting}. ${sentence(facts, now)}`, OPENER_LENGTH);
}

function sentence({ need, industry, touches }: OpenerFacts, now: Date): string {
  if (need !== undefined && need.trim() !== '') {
    return `You wrote: ${quote(need, QUOTE_LENGTH)} Tell me a little more, so that I bring the right answer.`;
  }
  const touch = mostTelling(touches, now);
  const peers = industry === undefined ? 'Many teams' : `Many teams in ${cut(industry, 40)}`;
  if (touch === undefined) return `${peers} are rethinking this just now. How is it with you?`;
  const topic = quote(touch.name, QUOTE_LENGTH);
  const say = SAY[touch.kind];
  return (
    say?.(topic) ?? `${peers} come to us with questions about ${topic}. Is that on your list too?`
  );
}

/** The touch that gives most to talk about: on purpose before noticed, fresh before old. */
function mostTelling(touches: readonly ScoredTouch[], now: Date): ScoredTouch | undefined {
  const done = deeds(touches);
  const since = now.getTime() - FRESH_DAYS * 86_400_000;
  const fresh = done.filter(({ at }) => Date.parse(at) >= since);
  const order = [...(Object.keys(SAY) as TouchKind[]), ...RAISE];
  const best = (list: readonly ScoredTouch[]) =>
    list.toSorted((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind))[0];
  return best(fresh) ?? done[0];
}
