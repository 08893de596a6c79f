import type { Person } from '#core/records/person.ts';
import { type Protection, shifted } from './protection.ts';

/** Who may speak to a person now, and nobody else; `until` where an end is known. */
export interface Lease {
  readonly who: 'sales' | 'marketing' | 'service';
  readonly because: string;
  readonly until?: string | undefined;
}

/**
 * Who may speak to a person. It is read from the record as it stands, so that two can never hold
 * it and none can forget to give it back: service before sales, and sales before marketing.
 */
export function leaseOf(
  person: Pick<Person, 'standing' | 'owner' | 'tickets' | 'recycle'>,
  protection: Protection | undefined,
  now: Date,
): Lease {
  const service = serviceLease(person, protection, now.toISOString());
  if (service !== undefined) return service;
  const { standing, owner, recycle } = person;
  if (standing === 'with-sales') return { who: 'sales', because: 'a hand-off is open' };
  if (standing === 'won' && owner.kind === 'salesperson')
    return { who: 'sales', because: 'they look after the customer' };
  const until = standing === 'nurture' ? recycle?.reEnterAt : undefined;
  return { who: 'marketing', because: `is ${standing}`, ...(until === undefined ? {} : { until }) };
}

function serviceLease(
  { tickets = {} }: Pick<Person, 'tickets'>,
  protection: Protection | undefined,
  now: string,
): Lease | undefined {
  const rule = protection?.tickets;
  if (rule === undefined) return undefined;
  const grave = Object.values(tickets).filter(({ severity }) => rule.severities.includes(severity));
  if (grave.some(({ open }) => open)) return { who: 'service', because: 'a severe ticket is open' };
  const { quietAfter } = rule;
  if (quietAfter === undefined) return undefined;
  const until = grave
    .map(({ at }) => shifted(at, quietAfter))
    .filter((end) => end > now)
    .sort()
    .at(-1);
  return until === undefined
    ? undefined
    : { who: 'service', because: 'a severe ticket was closed only now', until };
}
