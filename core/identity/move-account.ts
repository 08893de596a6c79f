import { colleagueWrites, memberKey } from '#core/nurture/colleagues.ts';
import type { Write } from '#core/ports/records.ts';
import type { Person } from '#core/records/person.ts';
import { dealWrites } from './account-deals.ts';
import { awaitWrites } from './awaited.ts';

/**
 * What an account lists of a person follows them: that they are of it, and their open deals. So does
 * what they are listed under while they wait for one.
 */
export function moveWrites(before: Person | undefined, after: Person): Write[] {
  const from = before?.accountId;
  const isMoved = from !== after.accountId;
  return [
    ...(isMoved && from !== undefined ? [{ remove: memberKey(from, after.id) }] : []),
    ...(isMoved ? colleagueWrites(after) : []),
    ...dealWrites(before, after),
    ...awaitWrites(before, after),
  ];
}
