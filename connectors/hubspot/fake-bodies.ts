import * as z from 'zod';
import { KINDS } from './fake-store.ts';

export const Kinds = z.enum(KINDS);
export const Properties = z.record(z.string(), z.string());
export const Ids = z.array(z.strictObject({ id: z.string() }));

/** What the associations that HubSpot defines lead to. */
export const ENDS: Readonly<Record<number, 'contacts' | 'companies' | 'deals'>> = {
  3: 'contacts',
  5: 'companies',
  190: 'companies',
  202: 'contacts',
  204: 'contacts',
  214: 'deals',
  216: 'deals',
};

export const Create = z.strictObject({
  properties: Properties,
  associations: z.array(
    z.strictObject({
      to: z.strictObject({ id: z.string() }),
      types: z.array(
        z.strictObject({
          associationCategory: z.literal('HUBSPOT_DEFINED'),
          associationTypeId: z.number().refine((id) => id in ENDS),
        }),
      ),
    }),
  ),
});

const Written = {
  id: z.string(),
  objectWriteTraceId: z.string(),
  properties: Properties,
};
export const Upsert = z.strictObject({
  inputs: z.array(z.strictObject({ ...Written, idProperty: z.literal('email') })).max(100),
});
export const Update = z.strictObject({ inputs: z.array(z.strictObject(Written)).max(100) });
export const Merge = z.strictObject({ primaryObjectId: z.string(), objectIdToMerge: z.string() });
