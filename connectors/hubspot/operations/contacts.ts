import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { PersonFacts } from '#core/events.ts';
import { contactProperties } from '../contacts.ts';
import type { HubspotContext } from '../credentials.ts';
import { HubspotObject, objectPath } from '../objects.ts';

/** HubSpot's specification names no limit and its guide says 100: the hub holds to the guide. */
const MOST_CONTACTS = 100;

const Upserted = z.object({
  results: z.array(HubspotObject.extend({ new: z.boolean().optional() })),
  errors: z
    .array(
      z.object({
        category: z.string().optional(),
        context: z.object({ objectWriteTraceId: z.array(z.string()).optional() }).optional(),
      }),
    )
    .optional(),
});

const Outcome = z.strictObject({
  email: z.string(),
  contact: z.string().optional(),
  created: z.boolean().optional(),
  /** Why HubSpot refused this one; the others of the batch are written all the same. */
  refused: z.string().optional(),
});

/** https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide */
export const upsertContacts = defineOperation({
  summary: 'Writes up to 100 contacts by e-mail address, each with everything known of the person.',
  idempotent: true,
  input: z.strictObject({
    people: z
      .array(z.strictObject({ email: z.string().min(3), facts: PersonFacts }))
      .min(1)
      .max(MOST_CONTACTS),
  }),
  output: z.strictObject({ outcomes: z.array(Outcome) }),

  async run(context: HubspotContext, { people }) {
    const { data } = await context.http.post(`${objectPath(context, 'contacts')}/batch/upsert`, {
      inputs: people.map(({ email, facts }, index) => ({
        idProperty: 'email',
        id: email,
        objectWriteTraceId: traceOf(index),
        properties: contactProperties(facts, email),
      })),
    });
    const answer = Upserted.parse(data);
    return { outcomes: people.map(({ email }, index) => outcomeOf(email, index, answer)) };
  },
});

const traceOf = (index: number) => `p${index}`;

/** Results come in any order and refused ones are missing from them, so they are found by address. */
function outcomeOf(
  email: string,
  index: number,
  { results, errors = [] }: z.infer<typeof Upserted>,
): z.infer<typeof Outcome> {
  const failed = errors.find(({ context }) =>
    context?.objectWriteTraceId?.includes(traceOf(index)),
  );
  if (failed !== undefined) return { email, refused: failed.category ?? 'unknown' };
  const written = results.find(
    ({ properties }) => properties['email']?.toLowerCase() === email.toLowerCase(),
  );
  if (written === undefined) return { email, refused: 'unknown' };
  return { email, contact: written.id, created: written.new ?? false };
}
