import * as z from 'zod';
import type { OperationContext } from '#connectors/kit/connector.ts';
import { LeadStatus } from '#core/operations.ts';

export const PipedriveCredentials = z.strictObject({
  /** Personal preferences → API, of a user who is there for the hub alone. */
  apiToken: z.string().min(1),
  /** The password of the webhooks' HTTP authentication. */
  webhookPassword: z.string().min(16),
});
export type PipedriveCredentials = z.infer<typeof PipedriveCredentials>;

/** The facts that a custom field may hold. */
const CustomFact = z.enum([
  ...(['title', 'company', 'website', 'country', 'region', 'industry'] as const),
  ...(['postcode', 'city'] as const),
]);

export const PipedriveSettings = z.strictObject({
  /** `https://<company>.pipedrive.com` */
  baseUrl: z.url(),
  /** The user whose token it is: its changes are echoes, not news. */
  userId: z.number().int(),
  /** The custom field of a person, by its 40-character code, for each fact. */
  fields: z.partialRecord(CustomFact, z.string()).default({}),
  /** The id of the person label for each status; a status without one is not written. */
  statusLabels: z.partialRecord(LeadStatus, z.number().int()).default({}),
  /** Labels by which sales says yes, and no with the reason. */
  acceptedLabels: z.array(z.number().int()).default([]),
  rejectedLabels: z.record(z.string(), z.string()).default({}),
  /** A custom date field of persons on which to talk again, where a reason goes by a date. */
  namedDateField: z.string().optional(),
  /** The ids of deal stages by words of the playbook. */
  dealStages: z.record(z.string(), z.number().int()).default({}),
  /** A custom field of deals for the hub's mark; without it a deal is known by its title. */
  dealKeyField: z.string().optional(),
  dailyCalls: z.number().int().positive().default(1_500),
});
export type PipedriveSettings = z.infer<typeof PipedriveSettings>;

export type PipedriveContext = OperationContext<PipedriveCredentials, PipedriveSettings>;
