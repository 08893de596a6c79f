import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { OFFERED_VERBS } from '#connectors/kit/offered-verbs.ts';
import { VERBS, VendorRecord } from '#core/operations.ts';
import type { MarketoContext } from '../credentials.ts';
import { fromFields } from '../facts.ts';
import { recordError } from '../failure.ts';
import { idsByEmail } from '../mend-twins.ts';
import { MOST_RECORDS } from '../read.ts';
import { leadRecord, readLeads } from '../records.ts';

/**
 * https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/leads
 * An address nobody has is an empty answer; several leads may share one address.
 */
export const findPerson = defineOperation({
  summary: 'Finds the leads that have an e-mail address.',
  idempotent: true,
  ...OFFERED_VERBS['person.find'],

  async run(context: MarketoContext, { email }) {
    const found = await idsByEmail(context, [email]);
    return { records: (found.get(email.toLowerCase()) ?? []).map(leadRecord) };
  },
});

export const findPeople = defineOperation({
  summary: 'Finds the leads of up to 300 e-mail addresses.',
  idempotent: true,
  input: z.strictObject({ emails: z.array(z.string()).min(1).max(MOST_RECORDS) }),
  output: z.strictObject({
    people: z.array(z.strictObject({ email: z.string(), records: z.array(VendorRecord) })),
  }),

  async run(context: MarketoContext, { emails }) {
    const found = await idsByEmail(context, emails);
    return {
      people: emails.map((email) => ({
        email,
        records: (found.get(email.toLowerCase()) ?? []).map(leadRecord),
      })),
    };
  },
});

export const readPerson = defineOperation({
  summary: 'Reads what Marketo knows of a lead.',
  idempotent: true,
  ...VERBS['person.read'],

  async run(context: MarketoContext, { record }) {
    const { fields } = context.settings;
    const names = Object.values(fields).filter((name) => name !== '');
    const [lead] = await readLeads(context, [record.id], names);
    if (lead === undefined) throw recordError([{ code: '1004' }]);
    return { record: leadRecord(lead.id), facts: fromFields(lead, fields) };
  },
});
