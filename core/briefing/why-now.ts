import type { ScorePoint } from '#core/scoring/score.ts';
import type { ScoredTouch } from '#core/scoring/scored-touch.ts';
import { cut, quote } from './cut.ts';
import { deeds, describeTouch, isAboutPrice } from './touches.ts';

const LINES = 3;
const LINE_LENGTH = 110;
const DAY_MS = 86_400_000;
const RECENT_DAYS = 14;
/** A month without a sign is silence; who comes back after it has a new reason. */
const SILENCE_DAYS = 30;

interface WhyNowFacts {
  readonly form?: string | undefined;
  readonly handRaiser: boolean;
  readonly customer: boolean;
  readonly touches: readonly ScoredTouch[];
  readonly points: readonly ScorePoint[];
}

/** Why this person is worth a call today, in at most three lines and never in numbers of points. */
export function whyNow(facts: WhyNowFacts, now: Date): string[] {
  const { form, handRaiser, customer, points } = facts;
  const done = deeds(facts.touches);
  const price = done.find(isAboutPrice);
  const reasons = [
    handRaiser &&
      (form === undefined ? 'Asked to talk to us.' : `Asked to talk to us: ${quote(form, 60)}.`),
    customer && 'Is a customer already.',
    comeback(done, now),
    price !== undefined && `Is thinking about money: ${describeTouch(price)}.`,
    activity(done, now),
    fitReasons(points),
  ].filter((reason) => reason !== false && reason !== undefined);
  const lines =
    reasons.length === 0 ? ['Nothing recent is known; find out what changed.'] : reasons;
  return lines.slice(0, LINES).map((line) => cut(line, LINE_LENGTH));
}

const daysBefore = (now: Date, { at }: ScoredTouch) => (now.getTime() - Date.parse(at)) / DAY_MS;

function comeback([last, before]: readonly ScoredTouch[], now: Date): string | undefined {
  if (last === undefined || before === undefined || daysBefore(now, last) > RECENT_DAYS) return;
  const silence = Math.floor((Date.parse(last.at) - Date.parse(before.at)) / DAY_MS);
  return silence < SILENCE_DAYS ? undefined : `Came back after ${silence} days of silence.`;
}

function activity(done: readonly ScoredTouch[], now: Date): string | undefined {
  const recent = done.filter((touch) => daysBefore(now, touch) <= RECENT_DAYS);
  const [last] = recent;
  if (last === undefined) return undefined;
  const others = recent.length - 1;
  const more = others === 0 ? '' : `, and ${others} more in two weeks`;
  return `Lately ${describeTouch(last)}${more}.`;
}

function fitReasons(points: readonly ScorePoint[]): string | undefined {
  const reasons = points
    .filter(({ axis }) => axis === 'fit')
    .toSorted((one, other) => other.points - one.points)
    .map(({ because }) => because);
  return reasons.length === 0 ? undefined : `Fits: ${reasons.slice(0, 3).join('; ')}.`;
}
