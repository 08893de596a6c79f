import { changed, partyDifferences } from '#core/agreement/differences.ts';
import { canonical } from '#core/canonical.ts';
import type { Target, TargetList } from './target-list.ts';

/** What changed from one list of targets to another, a sentence each; empty when nothing did. */
export function targetDifferences(before: TargetList, after: TargetList): string[] {
  return [
    ...partyDifferences(before, after),
    ...changed('who proposed it', before.proposedBy, after.proposedBy),
    ...changed('the review date', before.reviewBy, after.reviewBy),
    ...changed('the seats per salesperson', String(before.seats), String(after.seats)),
    ...changed('the tiers', tiersOf(before), tiersOf(after)),
    ...goalDifferences(before, after),
    ...accountDifferences(before, after),
  ];
}

const tiersOf = ({ tiers }: TargetList) => tiers.map(({ id, name }) => `${id}: ${name}`).join(', ');

function goalDifferences(before: TargetList, after: TargetList): string[] {
  const old = new Map(before.goals.map((goal) => [goal.id, goal]));
  const now = new Map(after.goals.map((goal) => [goal.id, goal]));
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((id) => {
    if (!old.has(id)) return [`goal ${id} is new`];
    if (!now.has(id)) return [`goal ${id} is gone`];
    return canonical(old.get(id)) === canonical(now.get(id)) ? [] : [`goal ${id} changed`];
  });
}

function accountDifferences(before: TargetList, after: TargetList): string[] {
  const old = new Map(before.accounts.map((one) => [one.domain, one]));
  const now = new Map(after.accounts.map((one) => [one.domain, one]));
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((domain) => {
    const [was, is] = [old.get(domain), now.get(domain)];
    if (was === undefined) return [`${domain} is a target now, tier ${is?.tier}`];
    if (is === undefined) return [`${domain} is no target any more`];
    return targetChanges(was, is);
  });
}

const targetChanges = (was: Target, is: Target): string[] =>
  (['name', 'tier', 'goal', 'owner'] as const).flatMap((part) =>
    changed(`${is.domain}: its ${part}`, was[part] ?? 'none', is[part] ?? 'none'),
  );
