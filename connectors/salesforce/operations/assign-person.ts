import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { OFFERED_VERBS } from '#connectors/kit/offered-verbs.ts';
import { HubError, isHubError } from '#core/errors.ts';
import { VERBS, type VendorRecord } from '#core/operations.ts';
import { composite } from '../composite.ts';
import type { SalesforceContext } from '../credentials.ts';
import { statusFields } from '../fields.ts';
import { withLiving } from '../living.ts';
import { pathOf, sameId, sObjectOf } from '../records.ts';
import { forgetUser, userByEmail } from '../users.ts';
import { PASS_ALERTS } from '../write-headers.ts';

/** Reads only: asking again changes nothing. */
export const findOwner = defineOperation({
  summary: 'Finds the active user with a salesperson’s address.',
  idempotent: true,
  ...OFFERED_VERBS['owner.find'],

  async run(context: SalesforceContext, { email }) {
    return { ownerId: (await userByEmail(context, email)).Id };
  },
});

/** Sets values: calling again sets the same ones. */
export const assignPerson = defineOperation({
  summary: 'Gives a lead or contact its owner and status in one write, and reads the owner back.',
  idempotent: true,
  ...VERBS['person.assign'],

  async run(context: SalesforceContext, { record, owner, status }) {
    const { Id: ownerId } = await userByEmail(context, owner);
    try {
      const kept = await withLiving(context, record, (living) =>
        writeOwner(context, living, {
          OwnerId: ownerId,
          ...statusFields(sObjectOf(living), context.settings, status),
        }),
      );
      if (sameId(kept, ownerId)) return { ownerId };
    } catch (error) {
      // Somebody who left within the quarter of an hour for which a look-up is kept.
      if (isHubError(error) && error.code.startsWith('salesforce_owner_')) {
        forgetUser(context, owner);
      }
      throw error;
    }
    throw new HubError(
      'config',
      'salesforce_owner_overruled',
      `An automation of the organisation of '${context.connection}' gave the record another owner than the one written: exempt the hub's user from its flows and triggers.`,
    );
  },
});

const Kept = z.object({ OwnerId: z.string() });

/** One call: the write, and the owner as it is after every rule and flow has run. */
async function writeOwner(
  context: SalesforceContext,
  record: VendorRecord,
  fields: Readonly<Record<string, unknown>>,
): Promise<string> {
  const path = pathOf(sObjectOf(record), record.id);
  const [, kept] = await composite(context, [
    { method: 'PATCH', path, name: 'written', headers: PASS_ALERTS, body: fields },
    { method: 'GET', path: `${path}?fields=OwnerId`, name: 'kept' },
  ]);
  return Kept.parse(kept).OwnerId;
}
