import * as z from 'zod';

/** The tables that the fake organisation has. */
export const SObjectName = z.enum([
  'Lead',
  'Contact',
  'Account',
  'Task',
  'Opportunity',
  'OpportunityContactRole',
  'Campaign',
  'CampaignMember',
  'ContentNote',
  'ContentDocumentLink',
  'User',
]);
export type SObjectName = z.infer<typeof SObjectName>;

/** How the ids of each table begin. */
export const PREFIXES: Readonly<Record<SObjectName, string>> = {
  Lead: '00Q',
  Contact: '003',
  Account: '001',
  Task: '00T',
  Opportunity: '006',
  OpportunityContactRole: '00K',
  Campaign: '701',
  CampaignMember: '00v',
  ContentNote: '069',
  ContentDocumentLink: '06A',
  User: '005',
};

export type Row = Record<string, unknown> & { readonly Id: string };
