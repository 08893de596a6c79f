import type { Handoff } from '#core/records/handoff.ts';

/** How well a clause tells: of the hand-offs that it passed and sales judged. */
export interface ClausePrecision {
  readonly clause: string;
  /** Accepted or worked, and not disputed later. */
  readonly accepted: number;
  /** Given back with a reason that disputes this clause. */
  readonly disputed: number;
  /** accepted / (accepted + disputed), from 0 to 1; `null` where nobody has judged yet. */
  readonly precision: number | null;
}

/** Which clause each reason of a rejection disputes. */
export type Disputes = readonly { readonly code: string; readonly disputes?: string | undefined }[];

type Judged = Pick<Handoff, 'agreement' | 'signals'>;

/** The precision of each clause, from the hand-offs that it passed under whatever version. */
export function precisionOf(
  clauses: readonly string[],
  handoffs: readonly Judged[],
  reasons: Disputes,
): ClausePrecision[] {
  const disputedBy = new Map(reasons.map(({ code, disputes }) => [code, disputes]));
  return clauses.map((clause) => {
    const passed = handoffs.filter(({ agreement }) => agreement?.clauses.includes(clause));
    const isDisputed = ({ signals }: Judged) =>
      signals.rejected !== undefined && disputedBy.get(signals.rejected.reason) === clause;
    const disputed = passed.filter(isDisputed).length;
    const accepted = passed.filter((one) => !isDisputed(one) && wasAccepted(one)).length;
    const judged = accepted + disputed;
    return { clause, accepted, disputed, precision: judged === 0 ? null : accepted / judged };
  });
}

function wasAccepted({ signals }: Judged): boolean {
  const { accepted, worked, opportunity, closed } = signals;
  return [accepted, worked, opportunity, closed].some((signal) => signal !== undefined);
}
