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
import { fromSigned, type Standing, standingOf } from '#cli/agreement/standing.ts';
import { type Answer, answering } from '#cli/answer.ts';
import { table } from '#cli/table.ts';
import { counted, type Paint } from '#cli/terminal.ts';
import { inForce } from '#core/agreement/two-keys.ts';
import { Account } from '#core/records/account.ts';
import { Person } from '#core/records/person.ts';
import { type Coverage, coverageOf, type Known } from '#core/targets/coverage.ts';
import { targetDifferences } from '#core/targets/differences.ts';
import { TargetList } from '#core/targets/target-list.ts';
import type { StoreReader } from '#platform/embedded/reader.ts';

/** `baton targets`: the accounts that marketing and sales go after together. */
export function targetsCommand(): Command {
  return new Command('targets')
    .summary('show and sign the target accounts, and how well they are covered')
    .description(
      'Looks after the list of target accounts (targets.json of the playbook). One side proposes it; its accounts count as targets once both have signed the very same list.',
    )
    .addHelpText('after', '\nExample:\n  $ baton targets status\n')
    .addCommand(
      signedCommand('show', 'Shows goals, tiers and accounts, and who has signed them.')
        .addHelpText('after', '\nExample:\n  $ baton targets show\n')
        .action(answering(show)),
    )
    .addCommand(
      signedCommand('diff', 'Tells what the list of the playbook changes of what is in force.')
        .addHelpText('after', '\nExample:\n  $ baton targets diff --playbook my-playbook\n')
        .action(answering(diff)),
    )
    .addCommand(
      signCommand('list of targets', ['marketing', 'sales'])
        .addHelpText(
          'after',
          '\nExample:\n  $ baton targets sign --as sales --by dana.whitfield@northwind.example\n',
        )
        .action(answering(sign)),
    )
    .addCommand(
      signedCommand(
        'status',
        'Says who has signed, which targets have people, touches and an owner, and who has how many; exit code 1 when the list is not in force or its review is overdue.',
      )
        .addHelpText('after', '\nExample:\n  $ baton targets status\n')
        .action(answering(status)),
    );
}

/** A list that one side alone stands behind is a proposal. */
const stateOf = ({ current }: Standing) => (current ? 'agreed' : 'proposed');

async function show(options: SignedOptions): Promise<Answer> {
  const { signable } = await openSignable('targets', options);
  const list = TargetList.parse(signable.document);
  const standing = await fromSigned(options.data, signable, (versions, now) =>
    standingOf(versions, signable, now),
  );
  return {
    json: { ...standing, state: stateOf(standing), list },
    text: (paint) => renderList(list, standing, paint),
  };
}

function renderList(list: TargetList, standing: Standing, paint: Paint): string {
  const tierOf = (id: string) => list.tiers.find((tier) => tier.id === id)?.name ?? id;
  const rows = list.accounts.map(({ domain, name, tier, goal, owner }) => [
    name ?? domain,
    domain,
    tierOf(tier),
    goal ?? '',
    (owner ?? '').replace(/@.*/, ''),
  ]);
  return [
    `${paint.bold(counted(list.accounts.length, 'target'))}, ${stateOf(standing)}${standing.current ? '' : ` by ${list.proposedBy}`}`,
    '',
    table(['account', 'domain', 'tier', 'goal', 'owner'], rows, paint),
    '',
    ...(list.goals.length === 0 ? [] : [paint.bold('What sales is after')]),
    ...list.goals.map((goal) => row(goal.id, inWords(goal), paint)),
    '',
    ...renderStanding(standing, paint),
  ].join('\n');
}

function inWords({ segment, product, quotaGap, until }: TargetList['goals'][number]): string {
  const { amountMinor, currency } = quotaGap;
  const money = new Intl.NumberFormat('en-GB', { style: 'currency', currency });
  const digits = money.resolvedOptions().maximumFractionDigits ?? 2;
  const gap = money.format(amountMinor / 10 ** digits);
  const what = product === undefined ? segment : `${product} for ${segment}`;
  return `${what}: ${gap} missing to the quota${until === undefined ? '' : ` until ${until}`}`;
}

async function diff(options: SignedOptions): Promise<Answer> {
  const { signable } = await openSignable('targets', options);
  const current = await fromSigned(options.data, signable, (versions) => inForce(versions));
  const list = TargetList.parse(signable.document);
  const before = current && TargetList.parse(current.version.document);
  return renderDifferences(
    current?.version.hash,
    before === undefined ? [] : targetDifferences(before, list),
  );
}

async function sign(options: SignOptions): Promise<Answer> {
  const { signable } = await openSignable('targets', options);
  const { as: party, by } = options;
  const outcome = await signFor(options.data, 'targets', signable.document, { party, by });
  return { json: outcome, text: (paint) => renderOutcome(outcome, paint) };
}

async function status(options: SignedOptions): Promise<Answer> {
  const { signable } = await openSignable('targets', options);
  const list = TargetList.parse(signable.document);
  return fromSigned(options.data, signable, (versions, now, store) => {
    const standing = standingOf(versions, signable, now);
    const coverage = coverageOf(list, store === undefined ? [] : knownIn(store, list));
    return {
      json: { ...standing, state: stateOf(standing), coverage },
      text: (paint) =>
        [...renderStanding(standing, paint), '', ...renderCoverage(coverage, paint)].join('\n'),
      exitCode: standing.current && standing.inForce?.overdue === false ? 0 : 1,
    };
  });
}

/** What the store knows of the accounts of a list. */
function knownIn(store: StoreReader, { accounts }: TargetList): Known[] {
  const wanted = new Set(accounts.map(({ domain }) => domain));
  const people = store.items('person').map(({ data }) => Person.parse(data));
  const touches = new Map<string, number>();
  for (const { pk } of store.eachItem(['touch'])) touches.set(pk, (touches.get(pk) ?? 0) + 1);
  return store.items('account').flatMap(({ data }) => {
    const { id, domain, owner } = Account.parse(data);
    if (domain === undefined || !wanted.has(domain)) return [];
    const mine = people.filter(({ accountId }) => accountId === id);
    const theirs = mine.reduce((sum, one) => sum + (touches.get(`PERSON#${one.id}`) ?? 0), 0);
    return [{ domain, owner, people: mine.length, touches: theirs }];
  });
}

function renderCoverage(coverage: Coverage, paint: Paint): string[] {
  const { targets, tiers, withPeople, withTouches, withOwner, seats } = coverage;
  const none = (count: number) => (count === 0 ? paint.yellow('none') : String(count));
  const rows = targets.map(({ domain, name, tier, people, touches, owner }) => [
    name ?? domain,
    tier,
    none(people),
    none(touches),
    owner?.replace(/@.*/, '') ?? paint.yellow('nobody'),
  ]);
  const of = `of ${counted(targets.length, 'target')}`;
  return [
    table(['account', 'tier', 'people', 'touches', 'owner'], rows, paint),
    paint.dim(`${of}: ${withPeople} with people, ${withTouches} touched, ${withOwner} owned`),
    ...tiers.map((one) =>
      paint.dim(
        `  ${one.tier}, ${counted(one.targets, 'target')}: ${one.withPeople} with people, ${one.withTouches} touched, ${one.withOwner} owned`,
      ),
    ),
    '',
    paint.bold('Who looks after how many'),
    ...seats.map(({ owner, targets: count, over }) =>
      row(String(count), over ? paint.red(`${owner}, more than there are seats`) : owner, paint),
    ),
  ];
}
