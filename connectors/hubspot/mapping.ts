import * as z from 'zod';
import type { MappedField, Mapping, VendorField, VendorSchema } from '#connectors/kit/mapping.ts';
import { STATUS, WRITTEN } from './contacts.ts';
import type { HubspotContext, HubspotCredentials } from './credentials.ts';
import { pathOf } from './paths.ts';
import { readStages } from './pipelines.ts';
import type { HubspotSettings } from './settings.ts';

const Properties = z.object({
  results: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      options: z.array(z.object({ value: z.string() })).nullish(),
      calculated: z.boolean().nullish(),
      modificationMetadata: z.object({ readOnlyValue: z.boolean().nullish() }).nullish(),
    }),
  ),
});

const OBJECTS = ['contacts', 'deals'] as const;
const WRITE_PERSON = ['person.upsert', 'people.upsert'];

export const hubspotMapping: Mapping<HubspotCredentials, HubspotSettings> = {
  async describe(context): Promise<VendorSchema> {
    const described = await Promise.all(
      OBJECTS.map(async (name) => [name, await fieldsOf(context, name)] as const),
    );
    const schema = Object.fromEntries(described);
    // The stages of deals are a matter of pipelines, and the property does not list all of them.
    const stages = (await readStages(context, 'deals')).map(({ id }) => id);
    const deals = schema['deals'] ?? {};
    const dealstage = deals['dealstage'];
    if (dealstage === undefined) return schema;
    return { ...schema, deals: { ...deals, dealstage: { ...dealstage, options: stages } } };
  },

  uses: (settings) => [
    ...Object.entries(WRITTEN).map(([fact, property]) => {
      const own = settings.fields[fact as keyof typeof settings.fields];
      return contact(own ?? property, `fields.${fact}`, WRITE_PERSON);
    }),
    contact('hubspot_owner_id', 'fields', ['person.assign']),
    {
      ...contact('hs_lead_status', 'statusMap', ['person.assign', 'person.status']),
      options: [...new Set(Object.values({ ...STATUS, ...settings.statusMap }))],
    },
    waitedFor('hs_lead_status', 'acceptedStatuses', settings.acceptedStatuses),
    waitedFor('hs_lead_status', 'rejectedStatuses', Object.keys(settings.rejectedStatuses)),
    { ...contact('lifecyclestage', 'stages', ['person.stage']), options: settings.stages },
    waitedFor('lifecyclestage', 'qualifiedStages', settings.qualifiedStages),
    ...optional(settings),
    ...Object.entries(settings.campaigns).map(([name, { property, value }]) =>
      campaignField(name, property, value),
    ),
    ...['dealname', 'amount', 'pipeline'].map((field) => deal(field, 'fields')),
    { ...deal('dealstage', 'dealStages'), options: Object.values(settings.dealStages) },
    deal(settings.dealKeyProperty, 'dealKeyProperty'),
  ],
};

function contact(field: string, setting: string, operations: readonly string[]): MappedField {
  return { object: 'contacts', field, writes: true, setting, operations };
}

/** A campaign's property may be a picklist, which is held against its value, or a text. */
function campaignField(name: string, property: string, value: string): MappedField {
  return {
    ...contact(property, `campaigns.${name}`, ['campaign.request']),
    options: [value],
  };
}

function deal(field: string, setting: string): MappedField {
  return { object: 'deals', field, writes: true, setting, operations: ['opportunity.upsert'] };
}

function waitedFor(field: string, setting: string, options: readonly string[]): MappedField {
  return { object: 'contacts', field, writes: false, options, setting, operations: [] };
}

function optional(settings: HubspotSettings): MappedField[] {
  const read = (
    ['timelineProperty', 'selfReportedSourceProperty', 'needProperty', 'namedDateProperty'] as const
  ).map((setting) => ({ field: settings[setting], setting, writes: false, operations: [] }));
  const written = {
    field: settings.reasonProperty,
    setting: 'reasonProperty',
    writes: true,
    operations: ['person.status'],
  };
  return [...read, written].flatMap(({ field, ...more }) =>
    field === undefined ? [] : [{ object: 'contacts', field, ...more }],
  );
}

/** https://developers.hubspot.com/docs/api-reference/crm-properties-v3/guide */
async function fieldsOf(
  context: HubspotContext,
  name: (typeof OBJECTS)[number],
): Promise<Record<string, VendorField>> {
  const { data } = await context.http.get(`${pathOf(context.settings, 'properties')}/${name}`);
  return Object.fromEntries(
    Properties.parse(data).results.map((property) => [
      property.name,
      {
        type: property.type,
        writable:
          property.calculated !== true && property.modificationMetadata?.readOnlyValue !== true,
        options: optionsOf(property.options),
      },
    ]),
  );
}

function optionsOf(options: { value: string }[] | null | undefined): string[] | undefined {
  return options && options.length > 0 ? options.map(({ value }) => value) : undefined;
}
