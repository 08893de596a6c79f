import { fromNow } from '#cli/moment.ts';
import type { Person } from '#core/records/person.ts';
import { provenanceOf } from '#core/records/provenance.ts';
import { WANTED } from '#core/steps/enrich.ts';

/** What is known of a person, by who told it and when: a line for each. */
export function factsTold(person: Person, now: Date): string[] {
  const groups = new Map<string, string[]>();
  for (const field of WANTED) {
    const told = provenanceOf(person, field, now);
    if (told === undefined) continue;
    const { provider = 'people or the CRM', at, stale } = told;
    const age =
      at === undefined
        ? ''
        : `, ${fromNow(at, now)
            .replace(/ late$/, ' ago')
            .replace(/^in .*/, 'just now')}`;
    const source = `by ${provider}${age}${stale ? ', to be asked anew' : ''}`;
    groups.set(source, [...(groups.get(source) ?? []), field]);
  }
  const missing = WANTED.filter((field) => person.facts[field] === undefined);
  return [
    ...[...groups].map(([source, fields]) => `${fields.join(', ')}: ${source}`),
    ...(missing.length === 0 ? [] : [`not known: ${missing.join(', ')}`]),
  ];
}
