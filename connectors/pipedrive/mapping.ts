import * as z from 'zod';
import type { Mapping } from '#connectors/kit/mapping.ts';
import { askPage } from './api.ts';
import type { PipedriveContext, PipedriveCredentials, PipedriveSettings } from './credentials.ts';

/** Unverified: the shape of options. https://developers.pipedrive.com/docs/api/v1/PersonFields */
const Field = z.object({
  field_code: z.string(),
  field_type: z.string(),
  options: z.array(z.object({ id: z.union([z.number(), z.string()]) })).nullish(),
});

const WRITE = ['person.upsert'];

export const mapping: Mapping<PipedriveCredentials, PipedriveSettings> = {
  async describe(context) {
    const [person, deal] = await Promise.all([
      fieldsOf(context, '/api/v2/personFields'),
      fieldsOf(context, '/api/v2/dealFields'),
    ]);
    return { person, deal };
  },

  uses: ({
    fields,
    statusLabels,
    acceptedLabels,
    rejectedLabels,
    dealKeyField,
    namedDateField,
  }) => [
    ...Object.entries(fields).map(([fact, field]) => ({
      ...{ object: 'person', field, writes: true, setting: `fields.${fact}`, operations: WRITE },
    })),
    {
      ...{ object: 'person', field: 'label_ids', writes: true, setting: 'statusLabels' },
      operations: ['person.assign', 'person.status'],
      options: Object.values(statusLabels).map(String),
    },
    {
      ...{ object: 'person', field: 'label_ids', writes: false, setting: 'acceptedLabels' },
      operations: [],
      options: [...acceptedLabels.map(String), ...Object.keys(rejectedLabels)],
    },
    ...(namedDateField === undefined
      ? []
      : [
          {
            ...{ object: 'person', field: namedDateField, writes: false },
            ...{ setting: 'namedDateField', operations: [] },
          },
        ]),
    ...(dealKeyField === undefined
      ? []
      : [
          {
            ...{ object: 'deal', field: dealKeyField, writes: true, setting: 'dealKeyField' },
            operations: ['opportunity.upsert'],
          },
        ]),
  ],
};

async function fieldsOf(context: PipedriveContext, path: string) {
  const { rows } = await askPage(context, Field, path, { limit: 500 });
  return Object.fromEntries(
    rows.map(({ field_code, field_type, options }) => [
      field_code,
      { type: field_type, writable: true, options: options?.map(({ id }) => String(id)) },
    ]),
  );
}
