import type { Answer } from '#cli/answer.ts';
import { moment } from '#cli/moment.ts';
import { type Paint, wrap } from '#cli/terminal.ts';
import type { SigningOutcome } from '#core/agreement/sign-request.ts';
import type { Standing } from './standing.ts';

/** A hash as people compare it. */
export const shortOf = (hash: string) => hash.slice(0, 12);

export const row = (name: string, text: string, paint: Paint) =>
  `  ${paint.dim(name.padEnd(10))} ${wrap(text, 80, ' '.repeat(13)).trimStart()}`;

/** Who has signed the text of the playbook, what is in force, and when it is due for review. */
export function renderStanding(standing: Standing, paint: Paint): string[] {
  const { parties, current, inForce, hash, reviewBy } = standing;
  const force =
    inForce === undefined
      ? paint.red('nothing: two keys have not met yet')
      : `${shortOf(inForce.hash)} since ${moment(inForce.since)}${current ? '' : paint.yellow(', an older text than that of the playbook')}`;
  const review =
    inForce?.overdue === true
      ? paint.red(`was due on ${inForce.reviewBy}: go through it and sign it with a new date`)
      : (inForce?.reviewBy ?? reviewBy);
  return [
    row('text', shortOf(hash), paint),
    ...parties.map(({ party, by, at }) =>
      row(
        party,
        by === undefined
          ? paint.yellow('not signed')
          : `${paint.green('signed')} by ${by}, ${moment(at ?? '')}`,
        paint,
      ),
    ),
    row('in force', force, paint),
    row('review by', review, paint),
  ];
}

/** What a signature led to. */
export function renderOutcome({ hash, missing, inForce }: SigningOutcome, paint: Paint): string {
  const rest =
    inForce === hash
      ? paint.green('It is in force.')
      : `Still to sign: ${missing.join(', ') || 'nobody'}.`;
  const until =
    inForce === null || inForce === hash ? [] : [`Until then ${shortOf(inForce)} stays in force.`];
  return [`Signed ${paint.bold(shortOf(hash))}. ${rest}`, ...until, paint.dim(hash)].join('\n');
}

/** What a text would change of the one in force, of which this is the hash. */
export function renderDifferences(hash: string | undefined, changes: readonly string[]): Answer {
  return {
    json: { inForce: hash ?? null, changes },
    text: (paint) => {
      if (hash === undefined) return 'Nothing is in force yet, so all of the text is new.';
      if (changes.length === 0) return `The text is the one in force: ${shortOf(hash)}.`;
      return [
        paint.bold(`What changes of ${shortOf(hash)}, which is in force`),
        ...changes.map((line) => `- ${wrap(line, 80, '  ').trimStart()}`),
      ].join('\n');
    },
  };
}
