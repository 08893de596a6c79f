import { moment } from '#cli/moment.ts';
import type { Enrolled, Person } from '#core/records/person.ts';

/** How a person last came back to marketing, what that asks of the next time, and their list: rows with a name. */
export function describeReturn({ recycle, enrolled }: Person): [string, string][] {
  return [
    ...(recycle === undefined ? [] : [['came back', returnOf(recycle)] as [string, string]]),
    ...(enrolled === undefined ? [] : [['on list', listOf(enrolled)] as [string, string]]),
  ];
}

function returnOf(of: NonNullable<Person['recycle']>): string {
  const { reason, at, count, coolUntil, reEnterAt, needsSign, longTerm } = of;
  const again = `again from ${moment(reEnterAt)}`;
  return [
    `${reason} on ${moment(at)}`,
    ...(count === 0 ? [] : [`from sales ${count === 1 ? 'once' : `${count} times`}`]),
    ...(longTerm === true ? ['for the long term'] : []),
    ...(coolUntil > at ? [`in peace until ${moment(coolUntil)}`] : []),
    needsSign ? `${again} if there was a fresh sign` : again,
  ].join(', ');
}

function listOf({ list, connection, at, provedAt }: Enrolled): string {
  const proof = provedAt === undefined ? 'not read back' : `seen there ${moment(provedAt)}`;
  return `${list} in ${connection} since ${moment(at)}, ${proof}`;
}
