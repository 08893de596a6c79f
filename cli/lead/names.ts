import type { Owner, Person } from '#core/records/person.ts';

/** What people call a person: the name, else the address, else the id. */
export function leadName({ id, facts }: Pick<Person, 'id' | 'facts'>): string {
  const name = [facts.firstName, facts.lastName].filter(Boolean).join(' ');
  return name === '' ? (facts.email ?? id) : name;
}

/** `anna.keller@northwind.example`, `track education`, `queue attention`. */
export const ownerName = ({ kind, id }: Owner): string =>
  kind === 'salesperson' ? id : `${kind} ${id}`;
