import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { majorUnits } from '#connectors/kit/money.ts';
import { OpportunityInput, OpportunityOutput } from '#connectors/kit/offered-verbs.ts';
import { VendorRecord } from '#core/operations.ts';
import type { HubspotContext } from '../credentials.ts';
import { findMarked } from '../marked.ts';
import { markerOf } from '../marker.ts';
import { ASSOCIATION, createObject, patchObject } from '../objects.ts';
import { ownerByEmail } from '../owners.ts';

const Input = z.strictObject({
  ...OpportunityInput.shape,
  /** The company that it is with. */
  account: VendorRecord.optional(),
});
type Input = z.infer<typeof Input>;

/**
 * Idempotent by key: a property of the deal carries a marker, which each call looks for
 * among the contact's deals first. https://developers.hubspot.com/docs/api-reference/crm-deals-v3/guide
 */
export const upsertOpportunity = defineOperation({
  summary: 'Opens a deal for a contact or changes it.',
  idempotent: true,
  input: Input,
  output: OpportunityOutput,

  async run(context: HubspotContext, input) {
    const key = input.key ?? context.key;
    const properties = await propertiesOf(context, input);
    const marked = context.settings.dealKeyProperty;
    const there = await findMarked(context, input.record.id, 'deals', marked, key);
    if (there !== undefined) {
      await patchObject(context, 'deals', there, properties);
      return { opportunity: { kind: 'deal', id: there }, created: false };
    }
    const { account } = input;
    const id = await createObject(
      context,
      'deals',
      { ...properties, pipeline: context.settings.pipeline, [marked]: markerOf(key) },
      [
        { id: input.record.id, typeId: ASSOCIATION.dealToContact },
        ...(account === undefined
          ? []
          : [{ id: account.id, typeId: ASSOCIATION.dealToPrimaryCompany }]),
      ],
    );
    return { opportunity: { kind: 'deal', id }, created: true };
  },
});

async function propertiesOf(
  context: HubspotContext,
  { name, stage, closeDate, amountMinor, currency, owner }: Input,
): Promise<Record<string, string>> {
  const amount = majorUnits(amountMinor, currency ?? context.settings.currency);
  return {
    dealname: name,
    dealstage: context.settings.dealStages[stage] ?? stage,
    ...(closeDate === undefined ? {} : { closedate: closeDate }),
    // HubSpot keeps amounts as text.
    ...(amount === undefined ? {} : { amount: String(amount) }),
    ...(currency === undefined ? {} : { deal_currency_code: currency }),
    ...(owner === undefined ? {} : { hubspot_owner_id: (await ownerByEmail(context, owner)).id }),
  };
}
