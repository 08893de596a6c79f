import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { HubError, isHubError } from '#core/errors.ts';
import { VendorRecord } from '#core/operations.ts';
import type { SalesforceContext } from '../credentials.ts';
import { withLiving } from '../living.ts';
import { pathOf, sObjectOf } from '../records.ts';
import { query, raw, soql } from '../soql.ts';
import { writeHeaders } from '../write-headers.ts';

/** A second add is refused as a duplicate, which is what the first one was for. */
export const addToCampaign = defineOperation({
  summary: 'Makes a lead or contact a member of a campaign; one who is a member stays.',
  idempotent: true,
  input: z.strictObject({
    record: VendorRecord,
    /** An id, or a name of the settings. */
    campaign: z.string().min(1),
    /** A member status of the campaign; its first one when absent. */
    status: z.string().min(1).optional(),
  }),
  output: z.strictObject({ added: z.boolean() }),

  async run(context: SalesforceContext, { record, campaign, status }) {
    const CampaignId = campaignId(context, campaign);
    return withLiving(context, record, async (living) => {
      const member = { CampaignId, [memberField(living)]: living.id };
      try {
        await context.http.post(
          '/sobjects/CampaignMember',
          { ...member, ...(status === undefined ? {} : { Status: status }) },
          { headers: writeHeaders(context.settings) },
        );
        return { added: true };
      } catch (error) {
        if (isHubError(error, 'conflict')) return { added: false };
        throw error;
      }
    });
  },
});

/** Somebody who is no member is left so: a repeat removes nobody. */
export const removeFromCampaign = defineOperation({
  summary: 'Takes a lead or contact out of a campaign; one who is no member stays out.',
  idempotent: true,
  input: z.strictObject({ record: VendorRecord, campaign: z.string().min(1) }),
  output: z.strictObject({ removed: z.boolean() }),

  async run(context: SalesforceContext, { record, campaign }) {
    const member = raw(memberField(record));
    const [found] = await query(
      context,
      z.object({ Id: z.string() }),
      soql`SELECT Id FROM CampaignMember WHERE CampaignId = ${campaignId(context, campaign)} AND ${member} = ${record.id}`,
    );
    if (found === undefined) return { removed: false };
    try {
      const headers = writeHeaders(context.settings);
      await context.http.delete(pathOf('CampaignMember', found.Id), { headers });
      return { removed: true };
    } catch (error) {
      // Somebody else was faster.
      if (!isHubError(error, 'data') || error.code !== 'salesforce_record_not_found') throw error;
      return { removed: false };
    }
  },
});

const memberField = (record: VendorRecord) =>
  sObjectOf(record) === 'Lead' ? 'LeadId' : 'ContactId';

function campaignId({ settings, connection }: SalesforceContext, campaign: string): string {
  const id = settings.campaigns[campaign] ?? campaign;
  if (/^701[a-zA-Z0-9]{12}([a-zA-Z0-9]{3})?$/.test(id)) return id;
  throw new HubError(
    'config',
    'salesforce_campaign_unknown',
    `'${campaign}' is no campaign's id: name it under 'campaigns' in the settings of '${connection}'.`,
  );
}
