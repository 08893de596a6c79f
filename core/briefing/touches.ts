import type { TouchKind } from '#core/events.ts';
import type { ScoredTouch } from '#core/scoring/scored-touch.ts';
import { cut, quote } from './cut.ts';

const DONE: Record<TouchKind, string> = {
  'email-received': 'received',
  'email-opened': 'opened',
  'email-clicked': 'clicked in',
  'page-visited': 'visited',
  'asset-downloaded': 'downloaded',
  'form-submitted': 'filled in',
  'webinar-registered': 'registered for',
  'webinar-attended': 'attended',
  'ad-clicked': 'clicked the ad',
  'social-engaged': 'reacted to',
  'review-visited': 'read reviews on',
  'trial-started': 'started the trial',
  'product-used': 'used',
  'chat-started': 'chatted about',
  'event-attended': 'came to',
  'call-held': 'had a call:',
  'meeting-held': 'had a meeting:',
};

const NAME_LENGTH = 48;
const TEXT_LENGTH = 80;
const LINES = 5;

/** What the person did, newest first; a mail that merely arrived is nothing they did, nor is a bot's visit. */
export function deeds(touches: readonly ScoredTouch[]): ScoredTouch[] {
  return touches
    .filter(({ kind, bot }) => kind !== 'email-received' && bot === undefined)
    .toSorted(
      (one, other) => Date.parse(other.at) - Date.parse(one.at) || (one.id < other.id ? -1 : 1),
    );
}

/** `visited “Pricing”`. */
export const describeTouch = ({ kind, name }: ScoredTouch) =>
  `${DONE[kind]} ${quote(name, NAME_LENGTH)}`;

/** The last few different things the person did, the same thing on one line with its count. */
export function lastTouches(touches: readonly ScoredTouch[]): { at: string; text: string }[] {
  const lines = new Map<string, { at: string; count: number }>();
  for (const touch of deeds(touches)) {
    const text = describeTouch(touch);
    const line = lines.get(text);
    if (line === undefined) lines.set(text, { at: touch.at, count: 1 });
    else line.count += 1;
  }
  return [...lines].slice(0, LINES).map(([text, { at, count }]) => ({
    at,
    text: cut(count === 1 ? text : `${text}, ${count} times`, TEXT_LENGTH),
  }));
}

/** Whether the touch is about what things cost. */
export const isAboutPrice = ({ name, url = '' }: ScoredTouch) =>
  /\b(?:pric(?:e|es|ing)|preise?|plans|quote|tarif(?:e|s)?)\b/iu.test(`${name} ${url}`);
