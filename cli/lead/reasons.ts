import * as z from 'zod';
import type { LogEntry } from '#core/records/log-entry.ts';
import { ScorePoint } from '#core/scoring/score.ts';

/** What a timeline's entry keeps beside its title, as far as it explains it. */
const Reasons = z.object({
  need: z.string().optional(),
  by: z.string().optional(),
  via: z.string().optional(),
  note: z.string().optional(),
  summary: z.string().optional(),
  why: z.string().optional(),
  points: z.array(ScorePoint).optional(),
  rule: z.string().optional(),
  candidates: z.array(z.string()).optional(),
  runnerUp: z.string().optional(),
  skipped: z.array(z.object({ who: z.string(), why: z.string() })).optional(),
  tries: z.number().optional(),
  error: z.object({ message: z.string() }).optional(),
});

/** The reasons behind an entry, in words; none for an entry that speaks for itself. */
export function reasonsOf({ detail }: LogEntry): string[] {
  const reasons = Reasons.safeParse(detail);
  if (!reasons.success) return [];
  const { need, by, via, note, summary, points, error, tries, ...routing } = reasons.data;
  return [
    need === undefined ? undefined : `“${need}”`,
    by === undefined ? undefined : `by ${by}${via === undefined ? '' : `, ${via}`}`,
    note,
    summary,
    points === undefined ? undefined : pointsInWords(points),
    ...routingInWords(routing),
    error?.message,
    (tries ?? 1) > 1 ? `at try ${tries}` : undefined,
  ].filter((one) => one !== undefined && one !== '') as string[];
}

const MOST_POINTS = 4;

function pointsInWords(points: readonly ScorePoint[]): string {
  const weighty = points.toSorted((one, other) => other.points - one.points).slice(0, MOST_POINTS);
  return weighty.map(({ because, points: worth }) => `${because} (${round(worth)})`).join('; ');
}

/** To a tenth. */
export const round = (points: number): string => String(Math.round(points * 10) / 10);

function routingInWords(
  routing: Pick<z.infer<typeof Reasons>, 'why' | 'rule' | 'candidates' | 'runnerUp' | 'skipped'>,
): (string | undefined)[] {
  const { why, rule, candidates = [], runnerUp, skipped = [] } = routing;
  return [
    why,
    rule === undefined ? undefined : `rule ${rule}`,
    candidates.length > 1 ? `of ${candidates.join(', ')}` : undefined,
    runnerUp === undefined ? undefined : `runner-up ${runnerUp}`,
    skipped.length === 0
      ? undefined
      : `passed over ${skipped.map((one) => `${one.who} (${one.why})`).join(', ')}`,
  ];
}
