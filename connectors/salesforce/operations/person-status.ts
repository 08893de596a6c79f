import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { OFFERED_VERBS } from '#connectors/kit/offered-verbs.ts';
import { HubError } from '#core/errors.ts';
import { VERBS } from '#core/operations.ts';
import { composite } from '../composite.ts';
import type { SalesforceContext } from '../credentials.ts';
import { statusFields } from '../fields.ts';
import { withLiving, writePerson } from '../living.ts';
import { pathOf, sObjectOf } from '../records.ts';
import { PASS_ALERTS } from '../write-headers.ts';

/** Sets values: calling again sets the same ones. */
export const setPersonStatus = defineOperation({
  summary: 'Sets the status of a lead, with the reason where the organisation has a field for it.',
  idempotent: true,
  ...VERBS['person.status'],

  async run(context: SalesforceContext, { record, status, reason }) {
    const { reasonField } = context.settings;
    await writePerson(context, record, (sObject) => ({
      ...statusFields(sObject, context.settings, status),
      ...(sObject === 'Lead' && reasonField !== undefined && reason !== undefined
        ? { [reasonField]: reason }
        : {}),
    }));
    return {};
  },
});

/** Sets a value: calling again sets the same one. */
export const setPersonStage = defineOperation({
  summary: 'Sets the lifecycle stage of a lead or contact, forward or back, and reads it back.',
  idempotent: true,
  ...OFFERED_VERBS['person.stage'],

  async run(context: SalesforceContext, { record, stage }) {
    const { stageField } = context.settings;
    if (stageField === undefined) {
      throw new HubError(
        'config',
        'salesforce_stage_unmapped',
        `Salesforce has no lifecycle stage of its own: name the field that keeps it as 'stageField' in the settings of '${context.connection}'.`,
      );
    }
    const kept = await withLiving(context, record, async (living) => {
      const path = pathOf(sObjectOf(living), living.id);
      const body = { [stageField]: stage };
      const [, after] = await composite(context, [
        { method: 'PATCH', path, name: 'written', headers: PASS_ALERTS, body },
        { method: 'GET', path: `${path}?fields=${stageField}`, name: 'kept' },
      ]);
      return z.record(z.string(), z.unknown()).parse(after)[stageField];
    });
    return { stage: String(kept ?? ''), written: kept === stage };
  },
});
