import { defineOperation } from '#connectors/kit/connector.ts';
import { OFFERED_VERBS } from '#connectors/kit/offered-verbs.ts';
import { isHubError } from '#core/errors.ts';
import type { HubspotContext } from '../credentials.ts';
import { patchObject, readObject } from '../objects.ts';

/**
 * Idempotent: a contact that is in the stage is left alone. HubSpot moves stages forward only, and
 * may take a step back without doing it: such a step clears the stage first. What the contact
 * then has is read back, and a stage that was cleared for nothing is put back.
 * https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide
 */
export const setPersonStage = defineOperation({
  summary: 'Sets the lifecycle stage of a contact, forward or back, and reads it back.',
  idempotent: true,
  ...OFFERED_VERBS['person.stage'],

  async run(context: HubspotContext, { record, stage }) {
    const before = await stageOf(context, record.id);
    if (before === stage) return { stage, written: true };
    if (isForward(context, before, stage)) {
      await write(context, record.id, stage);
      const after = await stageOf(context, record.id);
      return { stage: after, written: after === stage };
    }
    await write(context, record.id, '');
    try {
      await write(context, record.id, stage);
    } catch (error) {
      if (isHubError(error, 'data', 'config')) await write(context, record.id, before);
      throw error;
    }
    const after = await stageOf(context, record.id);
    if (after !== '' || before === '') return { stage: after, written: after === stage };
    await write(context, record.id, before);
    return { stage: await stageOf(context, record.id), written: false };
  },
});

/** A stage that the settings do not know may be anywhere: it is treated as a step back. */
function isForward({ settings }: HubspotContext, before: string, stage: string): boolean {
  if (before === '') return true;
  const [from, to] = [settings.stages.indexOf(before), settings.stages.indexOf(stage)];
  return from >= 0 && to > from;
}

async function stageOf(context: HubspotContext, id: string): Promise<string> {
  const { properties } = await readObject(context, 'contacts', id, ['lifecyclestage']);
  return properties['lifecyclestage'] ?? '';
}

async function write(context: HubspotContext, id: string, stage: string): Promise<void> {
  await patchObject(context, 'contacts', id, { lifecyclestage: stage });
}
