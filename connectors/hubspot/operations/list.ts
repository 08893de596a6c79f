import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { OFFERED_VERBS } from '#connectors/kit/offered-verbs.ts';
import { HubError } from '#core/errors.ts';
import { VERBS } from '#core/operations.ts';
import type { HubspotContext } from '../credentials.ts';
import { pathOf } from '../paths.ts';

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
  const listId = listIdOf(context, list);
  const { data } = await context.http.put(
    `${pathOf(context.settings, 'lists')}/${listId}/memberships/${verb}`,
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

function listIdOf({ connection, settings }: HubspotContext, list: string): string {
  const listId = settings.lists[list] ?? list;
  if (/^\d+$/.test(listId)) return listId;
  throw new HubError(
    'config',
    'hubspot_list_unknown',
    `'${list}' is no list id: name it under 'lists' in the settings of '${connection}'.`,
  );
}

/** Idempotent: HubSpot leaves out who is on the list already. */
export const addToList = defineOperation({
  summary: 'Puts a contact on a static list; one that is on it stays.',
  idempotent: true,
  ...VERBS['list.add'],

  async run(context: HubspotContext, { record, list }) {
    const { recordsIdsAdded } = await changeMembership(context, list, 'add', record.id);
    return { added: recordsIdsAdded.includes(record.id) };
  },
});

/** Idempotent: HubSpot leaves out who is not on the list. */
export const removeFromList = defineOperation({
  summary: 'Takes a contact off a static list; one that is not on it stays off.',
  idempotent: true,
  ...VERBS['list.remove'],

  async run(context: HubspotContext, { record, list }) {
    const { recordsIdsRemoved } = await changeMembership(context, list, 'remove', record.id);
    return { removed: recordsIdsRemoved.includes(record.id) };
  },
});

const Memberships = z.object({
  results: z.array(z.object({ listId: z.union([z.string(), z.number()]).transform(String) })),
  paging: z.object({ next: z.object({ after: z.string() }).optional() }).nullish(),
});

/** Idempotent: it only reads. https://developers.hubspot.com/docs/api-reference/crm-lists-v3/guide */
export const isOnList = defineOperation({
  summary: 'Says whether a contact is on a list, static or not.',
  idempotent: true,
  ...OFFERED_VERBS['list.has'],

  async run(context: HubspotContext, { record, list }) {
    const listId = listIdOf(context, list);
    const path = `${pathOf(context.settings, 'lists')}/records/0-1/${encodeURIComponent(record.id)}/memberships`;
    let after: string | undefined;
    do {
      const { data } = await context.http.get(path, {
        params: after === undefined ? {} : { after },
      });
      const page = Memberships.parse(data);
      if (page.results.some((one) => one.listId === listId)) return { member: true };
      after = page.paging?.next?.after;
    } while (after !== undefined);
    return { member: false };
  },
});
