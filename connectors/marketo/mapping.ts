import * as z from 'zod';
import type { MappedField, Mapping, VendorField, VendorSchema } from '#connectors/kit/mapping.ts';
import type { MarketoCredentials } from './credentials.ts';
import { factFields } from './facts.ts';
import { ask } from './read.ts';
import type { MarketoSettings } from './settings.ts';

const UPSERTS = ['person.upsert', 'people.upsert'];

/** Which fields of this instance the hub relies on, held against what Marketo says there is. */
export const mapping: Mapping<MarketoCredentials, MarketoSettings> = {
  async describe(context) {
    const lead = fieldsIn(await ask(context, '/v1/leads/describe2.json'));
    if (context.settings.companies === 'with-lead') return { lead } as VendorSchema;
    const company = fieldsIn(await ask(context, '/v1/companies/describe.json'));
    return { lead, company };
  },

  uses(settings) {
    const { fields, companies } = settings;
    const ownCompanies = companies === 'own-record';
    const facts = factFields(fields, 'lead').map(([fact, name]) =>
      use('lead', name, `fields.${fact}`, UPSERTS),
    );
    const ofCompany = factFields(fields, 'company').map(([fact, name]) =>
      use(ownCompanies ? 'company' : 'lead', name, `fields.${fact}`, UPSERTS),
    );
    const own: (MappedField | undefined)[] = [
      ownCompanies ? use('lead', 'externalCompanyId', 'companies', UPSERTS) : undefined,
      optional(settings.reasonField, 'reasonField', ['person.status']),
      optional(settings.stageField, 'stageField', ['person.stage']),
      optional(settings.scoreField, 'scoreField', ['person.score']),
      use('lead', 'externalSalesPersonId', 'owners', ['person.assign']),
    ];
    return [...facts, ...ofCompany, ...own.filter((one) => one !== undefined)];
  },
};

const use = (
  object: string,
  field: string,
  setting: string,
  operations: string[],
): MappedField => ({
  object,
  field,
  writes: true,
  setting,
  operations,
});

const optional = (field: string | undefined, setting: string, operations: string[]) =>
  field === undefined ? undefined : use('lead', field, setting, operations);

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/describe */
function fieldsIn(answer: unknown): Record<string, VendorField> {
  const [description] = Described.parse(answer).result;
  return Object.fromEntries(
    (description?.fields ?? []).map(({ name, dataType, updateable, crmManaged }) => [
      name,
      { type: dataType, writable: updateable && !crmManaged },
    ]),
  );
}

const Described = z.object({
  result: z.array(
    z.object({
      fields: z.array(
        z.object({
          name: z.string(),
          dataType: z.string(),
          updateable: z.boolean().default(true),
          /** Owned by the native CRM sync. */
          crmManaged: z.boolean().default(false),
        }),
      ),
    }),
  ),
});
