import type { Owner } from '#core/records/person.ts';

/** How a hand-off names a queue where a salesperson would stand. */
export const QUEUE_PREFIX = 'queue:';

/** The owner of the person, from the owner that a hand-off names. */
export const recordOwner = (owner: string): Owner =>
  owner.startsWith(QUEUE_PREFIX)
    ? { kind: 'queue', id: owner.slice(QUEUE_PREFIX.length) }
    : { kind: 'salesperson', id: owner };
