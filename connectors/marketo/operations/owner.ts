import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { OFFERED_VERBS } from '#connectors/kit/offered-verbs.ts';
import { VERBS } from '#core/operations.ts';
import type { MarketoContext } from '../credentials.ts';
import { recordError } from '../failure.ts';
import { ask } from '../read.ts';
import { writeFields } from '../records.ts';

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/sales-persons */
export const findOwner = defineOperation({
  summary: 'Finds a salesperson by e-mail address.',
  idempotent: true,
  ...OFFERED_VERBS['owner.find'],
  run: async (context: MarketoContext, { email }) => ({ ownerId: await ownerId(context, email) }),
});

/** Idempotent: the same owner and status again. Where a CRM sync runs, the CRM assigns (1018). */
export const assignPerson = defineOperation({
  summary: 'Gives a lead to a salesperson and sets its status.',
  idempotent: true,
  ...VERBS['person.assign'],

  async run(context: MarketoContext, { record, owner, status }) {
    const { statusMap, fields } = context.settings;
    const id = await ownerId(context, owner);
    const field = fields['status'];
    await writeFields(context, record, {
      externalSalesPersonId: id,
      ...(field ? { [field]: statusMap[status] } : {}),
    });
    return { ownerId: id };
  },
});

async function ownerId(context: MarketoContext, email: string): Promise<string> {
  const wanted = context.settings.owners[email] ?? email;
  const answer = await ask(context, '/v1/salespersons.json', {
    filterType: 'externalSalesPersonId',
    filterValues: wanted,
  });
  const [found] = SalesPersons.parse(answer).result;
  if (found === undefined || found.status === 'skipped') throw recordError([{ code: '718' }]);
  return wanted;
}

const SalesPersons = z.object({
  result: z.array(z.object({ status: z.string().optional() })).default([]),
});
