import pc from 'picocolors';
import { table } from '#cli/table.ts';
import type { FaultsReport } from './audit.ts';

/** What struck whom how often, and whether anything came of it. */
export function drawFaults({ struck, unstruck, doubled, stuck, ops }: FaultsReport): string {
  const vendors = Object.keys(struck);
  const kinds = [...new Set(Object.values(struck).flatMap((one) => Object.keys(one)))].sort();
  const rows = kinds.map((kind) => [
    kind,
    ...vendors.map((vendor) => {
      const times = new Map<string, number>(Object.entries(struck[vendor] ?? {})).get(kind);
      return times === undefined ? '' : String(times);
    }),
  ]);
  const verdict = (what: string, found: readonly string[]) =>
    found.length === 0 ? pc.green(`Nothing ${what}.`) : pc.red([`${what}:`, ...found].join('\n  '));
  return [
    table(['fault', ...vendors], rows, pc),
    '',
    `Ops       ${ops.rerun} runs started again, ${ops.replayed} held news replayed, ${ops.gapsTold} missing fields noticed`,
    verdict('doubled', doubled),
    verdict('stuck', stuck),
    ...(unstruck.length === 0 ? [] : [pc.red(`Never struck: ${unstruck.join(', ')}`)]),
  ].join('\n');
}
