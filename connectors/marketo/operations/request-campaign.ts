import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { VendorRecord } from '#core/operations.ts';
import type { MarketoContext } from '../credentials.ts';

/** Marketo takes so many `{{my.…}}` tokens with one request. */
const MOST_TOKENS = 100;

/**
 * https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/assets/smart-campaigns
 * The campaign needs the trigger "Campaign is Requested" with the source "Web Service API".
 */
export const requestCampaign = defineOperation({
  summary: 'Runs a lead through a smart campaign.',
  // Marketo takes no key and its answer names no run, so nothing can be looked for afterwards: a
  // repeat after a lost answer runs the lead twice. "Each person can run through once" in the
  // campaign's schedule makes that harmless.
  idempotent: false,
  input: z.strictObject({
    record: VendorRecord,
    campaign: z.string().regex(/^\d+$/),
    /** Values for the program's `{{my.…}}` tokens, by name without braces: `my.message`. */
    tokens: z
      .record(z.string(), z.string())
      .default({})
      .refine((tokens) => Object.keys(tokens).length <= MOST_TOKENS, 'Send 100 tokens at most.'),
  }),
  output: z.strictObject({}),

  async run({ http }: MarketoContext, { record, campaign, tokens }) {
    await http.post(`/v1/campaigns/${campaign}/trigger.json`, {
      input: {
        leads: [{ id: Number(record.id) }],
        tokens: Object.entries(tokens).map(([name, value]) => ({ name: `{{${name}}}`, value })),
      },
    });
    return {};
  },
});
