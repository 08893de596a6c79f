import * as z from 'zod';
import { Agreement, type Clause } from '#core/agreement/agreement.ts';
import { evaluate } from '#core/agreement/evaluate.ts';
import { textInForce } from '#core/agreement/signed-texts.ts';
import { decideOnce } from '#core/effects/decide-once.ts';
import { HubError, StepOutcome } from '#core/errors.ts';
import type { Hub } from '#core/ports/hub.ts';
import { readRecentLead } from '#core/records/lead.ts';
import { type StepRun, visitOf } from './step-run.ts';

const Judged = z.strictObject({
  version: z.string().nullable(),
  clauses: z.array(z.string()),
  failed: z.array(z.string()),
});

/** What the console and the timeline say while two keys have not met yet. */
export const NO_AGREEMENT = 'no agreement in force: hand-offs go by rating alone';

/**
 * Holds a lead against the agreement in force. Throws the outcome `Agree.NotReady` where it fails a
 * clause of its lane. While no version is in force everybody passes, and the timeline says so.
 */
export async function agree(
  hub: Hub,
  step: StepRun,
): Promise<{ version: string | null; clauses: string[] }> {
  const { version, clauses, failed } = await decideOnce(hub, visitOf(step), Judged, () =>
    judge(hub, step),
  );
  if (failed.length === 0) return { version, clauses };
  throw new StepOutcome('Agree.NotReady', `The lead fails ${failed.join(', ')}.`);
}

async function judge(hub: Hub, step: StepRun) {
  const { score } = step;
  if (score === null)
    throw new HubError(
      'config',
      'score_missing',
      `Step '${step.step}' asks the agreement: let a score step come before it.`,
    );
  const current = await textInForce(hub.records, 'agreement', Agreement);
  if (current === undefined) {
    const result = { version: null, clauses: [], failed: [] };
    return { result, log: { title: NO_AGREEMENT, detail: {} }, writes: [] };
  }
  const { person, account } = await readRecentLead(hub.records, step.person);
  const { passed, failed } = evaluate(current.text, { person: person.facts, account, score });
  const result = { version: current.hash, clauses: idsOf(passed), failed: idsOf(failed) };
  const detail = {
    agreement: current.hash,
    since: current.since,
    ...score,
    passed: idsOf(passed),
    failed: failed.map(({ id, text }) => ({ clause: id, text })),
  };
  return { result, log: { title: titleOf(passed, failed), detail }, writes: [] };
}

const idsOf = (clauses: readonly Clause[]) => clauses.map(({ id }) => id);

function titleOf(passed: readonly Clause[], failed: readonly Clause[]): string {
  if (failed.length > 0) return `not sales-ready: fails ${idsOf(failed).join(', ')}`;
  return passed.length === 0
    ? 'sales-ready: no clause is about this lane'
    : `sales-ready: meets ${idsOf(passed).join(', ')}`;
}
