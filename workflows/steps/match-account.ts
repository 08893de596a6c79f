import * as z from 'zod';
import { defineStep } from './step.ts';

export const matchAccount = defineStep({
  kind: 'match-account',
  summary: 'Finds the account the person belongs to.',
  fields: z.strictObject({}),
  output: z.strictObject({
    accountId: z.string().nullable(),
    /** By what it was found: the mail domain, the company name, the CRM's own link. */
    how: z.string(),
  }),
  result: 'account',
  lambda: 'decide',
});
