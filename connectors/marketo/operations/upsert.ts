import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { HubError } from '#core/errors.ts';
import { PersonFacts } from '#core/events.ts';
import { VERBS, VendorRecord } from '#core/operations.ts';
import type { MarketoContext } from '../credentials.ts';
import { recordError } from '../failure.ts';
import { upsertLeads } from '../leads.ts';
import { MOST_RECORDS } from '../read.ts';

/** Idempotent: the address, or the id where one is known, finds the lead again. */
export const upsertPerson = defineOperation({
  summary: 'Finds a lead by e-mail address, or makes it, and writes what is known.',
  idempotent: true,
  ...VERBS['person.upsert'],

  async run(context: MarketoContext, { email, facts, record }) {
    const [outcome = recordError([])] = await upsertLeads(context, [
      { id: record?.id, email, facts },
    ]);
    if (outcome instanceof HubError) throw outcome;
    return outcome;
  },
});

/** Idempotent like `person.upsert`; a record that is refused leaves the others alone. */
export const upsertPeople = defineOperation({
  summary: 'Finds or makes up to 300 leads at once and tells what became of each.',
  idempotent: true,
  input: z.strictObject({
    people: z
      .array(
        z.strictObject({
          /** By this the caller knows the outcome again. */
          key: z.string(),
          email: z.string().optional(),
          record: VendorRecord.optional(),
          facts: PersonFacts,
        }),
      )
      .min(1)
      .max(MOST_RECORDS),
  }),
  output: z.strictObject({
    outcomes: z.array(
      z.strictObject({
        key: z.string(),
        record: VendorRecord.optional(),
        created: z.boolean().optional(),
        refused: z.strictObject({ code: z.string(), message: z.string() }).optional(),
      }),
    ),
  }),

  async run(context: MarketoContext, { people }) {
    const outcomes = await upsertLeads(
      context,
      people.map(({ record, email, facts }) => ({ id: record?.id, email, facts })),
    );
    return {
      outcomes: people.map(({ key }, index) => {
        const outcome = outcomes[index] ?? recordError([]);
        if (!(outcome instanceof HubError)) return { key, ...outcome };
        return { key, refused: { code: outcome.code, message: outcome.message } };
      }),
    };
  },
});
