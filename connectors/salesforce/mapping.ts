import * as z from 'zod';
import type { MappedField, Mapping, VendorField, VendorSchema } from '#connectors/kit/mapping.ts';
import { compositeEach } from './composite.ts';
import type {
  SalesforceContext,
  SalesforceCredentials,
  SalesforceSettings,
} from './credentials.ts';
import { salesforceFailure } from './failure.ts';
import { fieldNames, statusOptions } from './fields.ts';

/** The objects whose fields the hub relies on; a composite call describes no more than 25. */
const OBJECTS = ['Lead', 'Contact', 'Task', 'Opportunity', 'CampaignMember'];

const Described = z.object({
  createable: z.boolean(),
  updateable: z.boolean(),
  queryable: z.boolean(),
  fields: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      createable: z.boolean().default(false),
      updateable: z.boolean(),
      picklistValues: z.array(z.object({ value: z.string(), active: z.boolean() })).nullish(),
    }),
  ),
});
export type Described = z.infer<typeof Described>;

/**
 * What the user of the hub may see and do of each object; objects that are hidden are left out.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_describe.htm
 */
export async function describeObjects(
  context: SalesforceContext,
): Promise<ReadonlyMap<string, Described>> {
  const answers = await compositeEach(
    context,
    OBJECTS.map((name) => ({ method: 'GET', path: `/sobjects/${name}/describe`, name })),
  );
  const described = new Map<string, Described>();
  for (const [index, answer] of answers.entries()) {
    const failure = salesforceFailure(answer);
    // An object that the user may not see is answered as if it were not there.
    if (failure?.code === 'salesforce_record_not_found') continue;
    if (failure !== undefined) throw failure;
    described.set(OBJECTS[index] ?? '', Described.parse(answer.body));
  }
  return described;
}

export const salesforceMapping: Mapping<SalesforceCredentials, SalesforceSettings> = {
  async describe(context): Promise<VendorSchema> {
    const described = await describeObjects(context);
    return Object.fromEntries(
      [...described].map(([object, { fields }]) => [
        object,
        Object.fromEntries(fields.map((field) => [field.name, vendorField(field)])),
      ]),
    );
  },
  uses: (settings) => [
    ...keyFields(settings),
    ...factFields(settings),
    ...namedFields(settings),
    ...picklists(settings),
  ],
};

function vendorField(field: Described['fields'][number]): VendorField {
  const options = field.picklistValues?.filter(({ active }) => active).map(({ value }) => value);
  return {
    type: field.type,
    writable: field.updateable || field.createable,
    ...(options === undefined || options.length === 0 ? {} : { options }),
  };
}

/** What fails when a lead can't be written as it should. */
const WRITES = ['person.upsert', 'people.upsert'];
const READS = ['person.read'];

function keyFields(settings: SalesforceSettings): MappedField[] {
  const keys = [
    ['Lead', 'externalIdField', WRITES],
    ['Task', 'taskKeyField', ['task.create', 'activity.record']],
    ['Opportunity', 'opportunityKeyField', ['opportunity.upsert']],
  ] as const;
  return keys.map(([object, setting, operations]) => ({
    object,
    field: settings[setting],
    writes: true,
    setting,
    operations,
  }));
}

function factFields(settings: SalesforceSettings): MappedField[] {
  return (['Lead', 'Contact'] as const).flatMap((object) =>
    Object.entries(fieldNames(object, settings)).map(([fact, field]) => ({
      object,
      field,
      writes: true,
      setting: `fields.${object.toLowerCase()}.${fact}`,
      operations: [...WRITES, ...READS],
    })),
  );
}

/** Fields that are only there where the settings name them. */
const NAMED = [
  ['Lead', 'needField', false, READS],
  ['Lead', 'timelineField', false, READS],
  ['Lead', 'selfReportedSourceField', false, READS],
  ['Lead', 'reasonField', true, ['person.status', ...READS]],
  ['Lead', 'namedDateField', false, READS],
  ['Lead', 'stageField', true, ['person.stage']],
  ['Contact', 'stageField', true, ['person.stage']],
] as const;

function namedFields(settings: SalesforceSettings): MappedField[] {
  return NAMED.flatMap(([object, setting, writes, operations]) => {
    const field = settings[setting];
    return field === undefined ? [] : [{ object, field, writes, setting, operations }];
  });
}

function picklists(settings: SalesforceSettings): MappedField[] {
  const status = {
    writes: true,
    options: statusOptions(settings),
    setting: 'statusMap',
    operations: ['person.assign', 'person.status'],
  };
  const { contactStatusField, stages } = settings;
  return [
    { object: 'Lead', field: 'Status', ...status },
    ...(contactStatusField === undefined
      ? []
      : [{ object: 'Contact', field: contactStatusField, ...status }]),
    {
      object: 'Opportunity',
      field: 'StageName',
      writes: true,
      options: Object.values(stages),
      setting: 'stages',
      operations: ['opportunity.upsert'],
    },
  ];
}
