import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { HubError } from '#core/errors.ts';
import { VendorRecord } from '#core/operations.ts';
import type { HubspotContext } from '../credentials.ts';
import { patchObject } from '../objects.ts';

/**
 * Idempotent: the same value again is no change, so that the workflow runs once. HubSpot's own
 * way to enrol somebody in a workflow is a thing of the past: a property that the workflow
 * listens to is the one that lasts.
 */
export const requestCampaign = defineOperation({
  summary:
    'Asks a workflow of the portal to take a contact in, by the property that it listens to.',
  idempotent: true,
  input: z.strictObject({ record: VendorRecord, campaign: z.string().min(1) }),
  output: z.strictObject({}),

  async run(context: HubspotContext, { record, campaign }) {
    const listened = context.settings.campaigns[campaign];
    if (listened === undefined) {
      throw new HubError(
        'config',
        'hubspot_campaign_unknown',
        `No workflow is known for the campaign '${campaign}': name the property that it listens to under 'campaigns' in the settings of '${context.connection}'.`,
      );
    }
    await patchObject(context, 'contacts', record.id, { [listened.property]: listened.value });
    return {};
  },
});
