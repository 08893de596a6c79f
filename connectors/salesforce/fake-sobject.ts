import * as z from 'zod';

/** The tables that the fake organisation has. */
export const SObjectName = z.enum([
  'Lead',
  'Contact',
  'Account',
  'Task',
  'Opportunity',
  'OpportunityContactRole',
  'User',
]);
export type SObjectName = z.infer<typeof SObjectName>;

export type Row = Record<string, unknown> & { readonly Id: string };
