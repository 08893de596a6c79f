import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { isHubError } from '#core/errors.ts';
import { VendorRecord } from '#core/operations.ts';
import type { MarketoContext } from '../credentials.ts';
import { recordError } from '../failure.ts';
import { numberOf, Outcomes, unknownName } from '../records.ts';

const member = { record: VendorRecord, campaign: z.string() };

/**
 * https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/program-members
 * Idempotent: the status again. A status outside the program's channel is refused (1025).
 */
export const addToProgram = defineOperation({
  summary: 'Makes a lead a member of a program with a status, or moves it to that status.',
  idempotent: true,
  input: z.strictObject({ ...member, status: z.string().min(1) }),
  output: z.strictObject({ added: z.boolean() }),
  async run(context: MarketoContext, { record, campaign, status }) {
    const answer = await change(context, campaign, 'status', {
      statusName: status,
      input: [{ leadId: Number(record.id) }],
    });
    if (answer?.status === 'skipped') throw recordError(answer.reasons);
    return { added: answer?.status === 'created' };
  },
});

/** Idempotent: who is no member any more is what it wants. */
export const removeFromProgram = defineOperation({
  summary: 'Takes a lead out of a program.',
  idempotent: true,
  input: z.strictObject(member),
  output: z.strictObject({ removed: z.boolean() }),
  async run(context: MarketoContext, { record, campaign }) {
    const input = [{ leadId: Number(record.id) }];
    const answer = await change(context, campaign, 'delete', { input });
    const reason = String(answer?.reasons?.[0]?.code);
    if (answer?.status === 'skipped' && !['1013', '1015'].includes(reason)) {
      throw recordError(answer.reasons);
    }
    return { removed: answer?.status === 'deleted' };
  },
});

async function change(
  { http, settings }: MarketoContext,
  program: string,
  what: 'status' | 'delete',
  body: object,
) {
  const id = numberOf(program, settings.programs, 'program');
  try {
    const { data } = await http.post(`/v1/programs/${id}/members/${what}.json`, body);
    return Outcomes.parse(data).result[0];
  } catch (error) {
    const isUnknown = isHubError(error) && error.code === 'marketo_object_not_found';
    throw isUnknown ? unknownName(program, 'program') : error;
  }
}
