import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { VendorRecord } from '#core/operations.ts';
import type { MarketoContext } from '../credentials.ts';

/**
 * https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/leads
 * An address nobody has is an empty answer; several leads may share one address.
 */
export const findPeople = defineOperation({
  summary: 'Finds the leads that have an e-mail address.',
  idempotent: true,
  input: z.strictObject({ email: z.string() }),
  output: z.strictObject({
    people: z.array(z.strictObject({ record: VendorRecord, email: z.string().optional() })),
  }),

  async run({ http }: MarketoContext, { email }) {
    const { data } = await http.get('/v1/leads.json', {
      params: { filterType: 'email', filterValues: email, fields: 'id,email' },
    });
    const people = Found.parse(data).result.map((lead) => ({
      record: { kind: 'lead', id: String(lead.id) },
      ...(lead.email ? { email: lead.email } : {}),
    }));
    return { people };
  },
});

const Found = z.object({
  result: z.array(z.object({ id: z.number().int(), email: z.string().nullish() })).default([]),
});
