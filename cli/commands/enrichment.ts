import { Command } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import { fromStore, type StoreOptions } from '#cli/store/open-store.ts';
import { table } from '#cli/table.ts';
import { counted, type Paint } from '#cli/terminal.ts';
import { Person } from '#core/records/person.ts';
import { type FieldCoverage, fieldCoverage } from '#core/records/provenance.ts';
import { WANTED } from '#core/steps/enrich.ts';

/** `baton enrichment`: how well leads are known, and who told it. */
export function enrichmentCommand(): Command {
  return new Command('enrichment')
    .summary('say how well leads are known, who told it, and how old it is')
    .description(
      'Counts of how many leads each field is known that rating, routing and matching go by; who told it, people (themselves, colleagues, a CRM) or a provider; and how old the word of providers is. Contacts who never were a lead are left out.',
    )
    .option('--data <folder>', "the hub's folder", '.baton')
    .addHelpText('after', '\nExample:\n  $ baton enrichment\n')
    .action(answering(enrichment));
}

function enrichment(options: StoreOptions): Promise<Answer> {
  return fromStore(options, async (store) => {
    const leads = store
      .items('person')
      .map(({ data }) => Person.parse(data))
      .filter(({ standing }) => standing !== 'contact');
    const fields = fieldCoverage(leads, WANTED, store.now());
    return {
      json: { leads: leads.length, fields },
      text: (paint) => renderCoverage(leads.length, fields, paint),
    };
  });
}

function renderCoverage(leads: number, fields: readonly FieldCoverage[], paint: Paint): string {
  if (leads === 0) return 'No lead is here.';
  const rows = fields.map(({ field, known, people, providers, stale, medianAgeDays }) => [
    field,
    `${Math.round((100 * known) / leads)} %`,
    String(people),
    Object.entries(providers)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ') || '-',
    medianAgeDays === null ? '-' : counted(medianAgeDays, 'day'),
    String(stale),
  ]);
  return [
    table(['field', 'known', 'by people', 'by providers', 'median age', 'stale'], rows, paint),
    paint.dim(`of ${counted(leads, 'lead')}`),
  ].join('\n');
}
