import * as z from 'zod';
import { moment } from '#cli/moment.ts';
import type { Paint } from '#cli/terminal.ts';
import { row } from './row.ts';

/** A match with an account that was decided, as the timeline keeps it. */
export const Matched = z.object({
  rung: z.string(),
  score: z.number(),
  evidence: z.array(z.string()),
  margin: z.number().optional(),
  runnerUp: z.string().optional(),
  /** Set where a person has to choose. */
  candidates: z.array(z.string()).optional(),
});
export type Matched = z.infer<typeof Matched> & { readonly at: string };

/** Why the lead belongs to its account, or to none yet. */
export function renderMatch(matched: Matched | undefined, paint: Paint): string[] {
  if (matched === undefined) return [];
  const { rung, score, evidence, margin, runnerUp, candidates, at } = matched;
  const because = evidence.join(', ');
  const by = { new: 'made for it', none: 'no account' }[rung] ?? `by ${rung} (${score})`;
  const told =
    candidates === undefined
      ? `${by}: ${because}, on ${moment(at)}`
      : `one of ${candidates.join(', ')}: somebody has to say which`;
  const second = runnerUp === undefined ? [] : [`${runnerUp}, behind by ${margin ?? 0}`];
  return [row('matched', told, paint), ...second.map((text) => row('runner-up', text, paint))];
}
