import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { OFFERED_VERBS } from '#connectors/kit/offered-verbs.ts';
import { HubError } from '#core/errors.ts';
import { VERBS, VendorRecord } from '#core/operations.ts';
import type { MarketoContext } from '../credentials.ts';
import { readLeads, writeFields } from '../records.ts';

/** Idempotent: the same word again. */
export const setPersonStatus = defineOperation({
  summary: "Sets a lead's status, and the reason where a field for it is named.",
  idempotent: true,
  ...VERBS['person.status'],

  async run(context: MarketoContext, { record, status, reason }) {
    const { statusMap, fields, reasonField } = context.settings;
    const field = fieldOr(fields['status'], 'fields.status');
    await writeFields(context, record, {
      [field]: statusMap[status],
      ...(reason === undefined || reasonField === undefined ? {} : { [reasonField]: reason }),
    });
    return {};
  },
});

/** Idempotent. The stage is read back, because a campaign of the instance may set it otherwise. */
export const setPersonStage = defineOperation({
  summary: 'Moves a lead to a lifecycle stage, forwards or back, and reads what it became.',
  idempotent: true,
  ...OFFERED_VERBS['person.stage'],

  async run(context: MarketoContext, { record, stage }) {
    const field = fieldOr(context.settings.stageField, 'stageField');
    await writeFields(context, record, { [field]: stage });
    const [lead] = await readLeads(context, [record.id], [field]);
    const now = String(lead?.[field] ?? '');
    return { stage: now, written: now === stage };
  },
});

/** Idempotent: the same number again. */
export const setPersonScore = defineOperation({
  summary: "Writes the hub's score into a lead's score field.",
  idempotent: true,
  input: z.strictObject({ record: VendorRecord, score: z.number().int() }),
  output: z.strictObject({}),

  async run(context: MarketoContext, { record, score }) {
    await writeFields(context, record, { [context.settings.scoreField]: score });
    return {};
  },
});

function fieldOr(field: string | undefined, setting: string): string {
  if (field) return field;
  throw new HubError(
    'config',
    'marketo_field_unset',
    `Marketo is to be told something that has no field: name one in the connection's setting ${setting}.`,
  );
}
