import { moment } from '#cli/moment.ts';
import { counted, type Paint, wrap } from '#cli/terminal.ts';
import type { Merge, MergeCandidate } from '#core/identity/merge/merge-record.ts';
import type { MergePlan, MergeSide } from '#core/identity/merge/plan-merge.ts';
import type { LogEntry } from '#core/records/log-entry.ts';
import { leadName, ownerName } from './names.ts';

/** Who may be one, then who was made one. */
export function renderMerges(
  candidates: readonly MergeCandidate[],
  merges: readonly Merge[],
  paint: Paint,
): string {
  return [
    ...candidates.flatMap(({ people, because, at }) => [
      `${paint.bold('may be one')}  ${people.join('  ')}`,
      wrap(`${moment(at)}: ${because}.`, 80, '  '),
      '',
    ]),
    ...merges.flatMap((merge) => [...linesOf(merge, paint), '']),
    `${counted(candidates.length, 'pair')} to confirm, ${counted(merges.length, 'merge')}`,
  ].join('\n');
}

function linesOf(merge: Merge, paint: Paint): string[] {
  const { id, survivor, absorbed, at, because, ended, status, undoneAt, undoneBy } = merge;
  const state = undoneAt === undefined ? status : `undone ${moment(undoneAt)} by ${undoneBy}`;
  const over = ended.flatMap(({ handoff }) => handoff ?? []);
  return [
    `${paint.bold(id)}  ${state}`,
    `  ${absorbed} into ${survivor}`,
    wrap(`${moment(at)}: ${because}.`, 80, '  '),
    ...over.map((handoff) => `  ended the hand-off ${handoff}`),
  ];
}

/** What a merge would do, in words. */
export function renderPlan({ survivor, absorbed }: MergePlan, paint: Paint): string {
  const { handoff, running } = absorbed;
  return [
    `${paint.bold(nameOf(survivor))} would stand for both: ${standingOf(survivor)}.`,
    `${nameOf(absorbed)} would lead there: ${standingOf(absorbed)}.`,
    ...(handoff === undefined
      ? []
      : [`The hand-off ${handoff.id} would end, and ${handoff.owner} would be told.`]),
    ...running.map(({ run }) => `The run ${run} would end.`),
    ...(survivor.person.suppressed === absorbed.person.suppressed
      ? []
      : ['Nobody might contact them any more: one of the two may not be contacted.']),
    'Newer facts, all touches and all names would be theirs; nothing was changed.',
  ]
    .map((line) => wrap(line, 80, '').trimStart())
    .join('\n');
}

const nameOf = ({ person }: MergeSide) => `${leadName(person)} (${person.id})`;

const standingOf = ({ person, handoff }: MergeSide) =>
  handoff === undefined
    ? `${person.standing}, with ${ownerName(person.owner)}`
    : `${handoff.id} is with ${handoff.owner}`;

/** The merges of which a timeline tells, in the words in which it does. */
export function mergesTold(timeline: readonly LogEntry[]): string[] {
  return timeline.flatMap(({ kind, detail, title, at }) =>
    kind === 'decision' && detail['merge'] !== undefined ? [`${moment(at)}: ${title}`] : [],
  );
}
