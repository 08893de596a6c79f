import { Command } from 'commander';
import {
  openSignable,
  type SignedOptions,
  type SignOptions,
  signCommand,
  signedCommand,
} from '#cli/agreement/options.ts';
import { renderDifferences, renderOutcome, renderStanding, row } from '#cli/agreement/render.ts';
import { signFor } from '#cli/agreement/sign.ts';
import { fromSigned, standingOf } from '#cli/agreement/standing.ts';
import { type Answer, answering } from '#cli/answer.ts';
import { type Paint, wrap } from '#cli/terminal.ts';
import { Agreement, type Clause } from '#core/agreement/agreement.ts';
import { differences, inWords } from '#core/agreement/differences.ts';
import { Party } from '#core/agreement/parties.ts';
import { type ClausePrecision, precisionOf } from '#core/agreement/precision.ts';
import { inForce } from '#core/agreement/two-keys.ts';
import { Handoff } from '#core/records/handoff.ts';

/** `baton agreement`: what marketing and sales call sales-ready, and who has signed it. */
export function agreementCommand(): Command {
  return new Command('agreement')
    .summary('show, compare and sign what sales-ready means')
    .description(
      'Looks after the definition of sales-ready (agreement.json of the playbook). It is in force once marketing and sales have signed the very same text, and service, where a clause concerns customers.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ baton agreement sign --as sales --by miriam.vogt@northwind.example\n',
    )
    .addCommand(
      signedCommand('show', 'Shows the clauses, who has signed them, and since when.')
        .addHelpText('after', '\nExample:\n  $ baton agreement show\n')
        .action(answering(show)),
    )
    .addCommand(
      signedCommand('diff', 'Tells what the text of the playbook changes of what is in force.')
        .addHelpText('after', '\nExample:\n  $ baton agreement diff --playbook my-playbook\n')
        .action(answering(diff)),
    )
    .addCommand(
      signCommand('agreement', Party.options)
        .addHelpText(
          'after',
          '\nExample:\n  $ baton agreement sign --as marketing --by helen.marsh@northwind.example\n',
        )
        .action(answering(sign)),
    )
    .addCommand(
      signedCommand(
        'status',
        'Says who has signed and how well each clause tells; exit code 1 when the text is not in force or its review is overdue.',
      )
        .addHelpText('after', '\nExample:\n  $ baton agreement status\n')
        .action(answering(status)),
    );
}

async function show(options: SignedOptions): Promise<Answer> {
  const { signable } = await openSignable('agreement', options);
  const { clauses } = Agreement.parse(signable.document);
  const standing = await fromSigned(options.data, signable, (versions, now) =>
    standingOf(versions, signable, now),
  );
  return {
    json: { ...standing, clauses },
    text: (paint) =>
      [
        paint.bold('Sales-ready means'),
        ...clauses.flatMap((clause) => ['', ...renderClause(clause, paint)]),
        '',
        ...renderStanding(standing, paint),
      ].join('\n'),
  };
}

function renderClause(clause: Clause, paint: Paint): string[] {
  const { id, text, when, lanes, concernsCustomers, examples } = clause;
  const through = examples.filter(({ holds }) => holds).length;
  return [
    `${paint.bold(id)}  ${wrap(text, 80, ' '.repeat(id.length + 2)).trimStart()}`,
    row('asks', inWords(when), paint),
    row('lanes', lanes?.join(', ') ?? 'all', paint),
    row('examples', `${through} pass, ${examples.length - through} fail, as they should`, paint),
    ...(concernsCustomers ? [row('customers', 'service signs as well', paint)] : []),
  ];
}

async function diff(options: SignedOptions): Promise<Answer> {
  const { signable } = await openSignable('agreement', options);
  const current = await fromSigned(options.data, signable, (versions) => inForce(versions));
  const text = Agreement.parse(signable.document);
  const before = current === undefined ? undefined : Agreement.parse(current.version.document);
  const changes = before === undefined ? [] : differences(before, text);
  return renderDifferences(current?.version.hash, changes);
}

async function sign(options: SignOptions): Promise<Answer> {
  const { signable } = await openSignable('agreement', options);
  const { as: party, by } = options;
  const outcome = await signFor(options.data, 'agreement', signable.document, { party, by });
  return { json: outcome, text: (paint) => renderOutcome(outcome, paint) };
}

async function status(options: SignedOptions): Promise<Answer> {
  const { playbook, signable } = await openSignable('agreement', options);
  const { clauses } = Agreement.parse(signable.document);
  return fromSigned(options.data, signable, (versions, now, store) => {
    const standing = standingOf(versions, signable, now);
    const handoffs = store?.items('handoff').map(({ data }) => Handoff.parse(data)) ?? [];
    const ids = clauses.map(({ id }) => id);
    const precision = precisionOf(ids, handoffs, playbook.tracks.reasons);
    return {
      json: { ...standing, precision },
      text: (paint) =>
        [
          ...renderStanding(standing, paint),
          '',
          paint.bold('How well each clause tells'),
          ...precision.map((one) => renderPrecision(one, paint)),
        ].join('\n'),
      exitCode: standing.current && standing.inForce?.overdue === false ? 0 : 1,
    };
  });
}

function renderPrecision(
  { clause, accepted, disputed, precision }: ClausePrecision,
  paint: Paint,
): string {
  const share = precision === null ? 'no word of sales yet' : `${Math.round(precision * 100)} %`;
  const counts = precision === null ? '' : `, ${accepted} taken, ${disputed} disputed`;
  return row(clause, `${share}${counts}`, paint);
}
