import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { HubError } from '#core/errors.ts';
import { VERBS } from '#core/operations.ts';
import type { HubspotContext } from '../credentials.ts';
import { pathsOf } from '../paths.ts';

/** HubSpot spells its answers `recordsIds…` but the missing ones `recordIdsMissing`. */
const Membership = z.object({
  recordsIdsAdded: z.array(z.union([z.string(), z.number()]).transform(String)).default([]),
  recordsIdsRemoved: z.array(z.union([z.string(), z.number()]).transform(String)).default([]),
  recordIdsMissing: z.array(z.union([z.string(), z.number()]).transform(String)).default([]),
});

/** https://developers.hubspot.com/docs/api-reference/crm-lists-v3/guide */
async function changeMembership(
  context: HubspotContext,
  list: string,
  verb: 'add' | 'remove',
  contactId: string,
) {
  const listId = context.settings.lists[list] ?? list;
  if (!/^\d+$/.test(listId)) {
    throw new HubError(
      'config',
      'hubspot_list_unknown',
      `'${list}' is no list id: name it under 'lists' in the settings of '${context.connection}'.`,
    );
  }
  const { data } = await context.http.put(
    `${pathsOf(context.settings).lists}/${listId}/memberships/${verb}`,
    [contactId],
  );
  const answer = Membership.parse(data);
  if (verb === 'add' && answer.recordIdsMissing.includes(contactId)) {
    throw new HubError(
      'data',
      'hubspot_record_not_found',
      'HubSpot has no such contact to put on a list.',
    );
  }
  return answer;
}

export const addToList = defineOperation({
  summary: 'Puts a contact on a static list; one that is on it stays.',
  idempotent: true,
  ...VERBS['list.add'],

  async run(context: HubspotContext, { record, list }) {
    const { recordsIdsAdded } = await changeMembership(context, list, 'add', record.id);
    return { added: recordsIdsAdded.includes(record.id) };
  },
});

export const removeFromList = defineOperation({
  summary: 'Takes a contact off a static list; one that is not on it stays off.',
  idempotent: true,
  ...VERBS['list.remove'],

  async run(context: HubspotContext, { record, list }) {
    const { recordsIdsRemoved } = await changeMembership(context, list, 'remove', record.id);
    return { removed: recordsIdsRemoved.includes(record.id) };
  },
});
