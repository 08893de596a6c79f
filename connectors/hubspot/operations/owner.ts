import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import type { HubspotContext } from '../credentials.ts';
import { ownerByEmail } from '../owners.ts';

/** Idempotent: it only reads. Deactivated owners are nobody's. */
export const findOwnerId = defineOperation({
  summary: 'Finds the active owner who has an e-mail address.',
  idempotent: true,
  input: z.strictObject({ email: z.string() }),
  output: z.strictObject({ ownerId: z.string() }),

  async run(context: HubspotContext, { email }) {
    return { ownerId: (await ownerByEmail(context, email)).id };
  },
});
