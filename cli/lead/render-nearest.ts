import type { Paint } from '#cli/terminal.ts';
import type { MissingFact, MissingTouches, Nearest } from '#core/scoring/nearest.ts';
import { row } from './row.ts';

/** What would make the lead an A1: facts first, then touches. */
export function renderNearest(toA1: Nearest, paint: Paint): string[] {
  return [
    paint.bold('To an A1'),
    ...renderFit(toA1, paint),
    ...renderTouches(toA1, paint),
    ...(toA1.excludedBy === undefined
      ? []
      : [row('but', `${toA1.excludedBy} would still keep it out`, paint)]),
  ];
}

function renderFit({ fit }: Nearest, paint: Paint): string[] {
  if (fit === undefined) return [row('fit', 'out of reach under this model', paint)];
  if (fit.length === 0) return [row('fit', 'nothing more: an A', paint)];
  return fit.map((fact) => row('fit', inWords(fact), paint));
}

function inWords({ anyOf, known }: MissingFact): string {
  const reasons = anyOf.map(({ because, points }) => `${because} (${points} points)`);
  return `${reasons.join(', or ')}${known ? '; what is known says otherwise' : '; not known yet'}`;
}

function renderTouches({ touches }: Nearest, paint: Paint): string[] {
  if (touches === undefined) return [row('touches', 'out of reach under this model', paint)];
  if (touches.length === 0) return [row('touches', 'none more: a 1', paint)];
  const words = touches.map(countInWords).join(', ');
  return [row('touches', `${words}; or asking for a talk, which is a 1 at once`, paint)];
}

const countInWords = ({ rule, count }: MissingTouches): string =>
  `${count} × ${rule.touch.replaceAll('-', ' ')} (${rule.id}, ${rule.points} points)`;
