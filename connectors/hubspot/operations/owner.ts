import { defineOperation } from '#connectors/kit/connector.ts';
import { OFFERED_VERBS } from '#connectors/kit/offered-verbs.ts';
import type { HubspotContext } from '../credentials.ts';
import { ownerByEmail } from '../owners.ts';

/** Idempotent: it only reads. Deactivated owners are nobody's. */
export const findOwnerId = defineOperation({
  summary: 'Finds the active owner who has an e-mail address.',
  idempotent: true,
  ...OFFERED_VERBS['owner.find'],

  async run(context: HubspotContext, { email }) {
    return { ownerId: (await ownerByEmail(context, email)).id };
  },
});
