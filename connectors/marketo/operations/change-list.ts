import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { HubError, isHubError } from '#core/errors.ts';
import { VERBS, type VerbInput } from '#core/operations.ts';
import type { MarketoContext } from '../credentials.ts';
import { recordError } from '../failure.ts';

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/lists */
export const addToList = defineOperation({
  summary: 'Puts a lead on a static list, which starts what listens to that list.',
  idempotent: true,
  ...VERBS['list.add'],
  run: async (context: MarketoContext, input) => ({
    added: (await change(context, 'post', input)) === 'added',
  }),
});

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/lists */
export const removeFromList = defineOperation({
  summary: 'Takes a lead off a static list.',
  idempotent: true,
  ...VERBS['list.remove'],
  run: async (context: MarketoContext, input) => ({
    removed: (await change(context, 'delete', input)) === 'removed',
  }),
});

async function change(
  { http, settings }: MarketoContext,
  method: 'post' | 'delete',
  { record, list }: VerbInput<'list.add'>,
) {
  const id = /^\d+$/.test(list) ? list : settings.lists[list];
  if (id === undefined) throw unknownList(list);
  try {
    const url = `/v1/lists/${id}/leads.json`;
    const { data } = await http.request({ method, url, params: { id: record.id } });
    const [{ status, reasons }] = Changed.parse(data).result;
    if (status !== 'skipped') return status;
    // Not being in a list is what a removal wants.
    if (method === 'delete' && reasons?.[0]?.code === '1015') return status;
    throw recordError(reasons ?? []);
  } catch (error) {
    if (isHubError(error) && error.code === 'marketo_object_not_found') throw unknownList(list);
    throw error;
  }
}

function unknownList(list: string): HubError {
  return new HubError(
    'config',
    'marketo_list_unknown',
    `Marketo has no static list '${list}': name its id in the playbook, or the name and id in the connection's setting lists.`,
  );
}

const Changed = z.object({
  result: z.tuple([
    z.object({
      status: z.string(),
      reasons: z.array(z.object({ code: z.string() })).optional(),
    }),
  ]),
});
