import * as z from 'zod';
import { ClockRule } from '#core/versions/versions.ts';

/** What differs between two deployments of the hub: one entry of `stages` in cdk.json. */
export const StageConfig = z.strictObject({
  /** Part of every name; short, because names of state machines have 80 letters at most. */
  name: z.string().regex(/^[a-z][a-z0-9]{1,11}$/),
  /** The folder with what ops author. */
  playbook: z.string().default('workflows/definitions'),
  /** The file that names the accounts of vendors; their secrets are set by hand after a deployment. */
  connections: z.string().default('infra/connections.json'),
  /** The sender of the hub's mail; SES verifies its domain. */
  mailFrom: z.email(),
  /** The address that vendors and salespeople use, if it is not the one API Gateway gives. */
  publicUrl: z
    .url()
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** Who is told when an alarm goes off. */
  alarmMail: z.email().optional(),
  /** Where Salesforce relays its changes to: the partner event source, and whose changes they are. */
  salesforceEvents: z
    .strictObject({ connection: z.string(), eventSource: z.string().startsWith('aws.partner/') })
    .optional(),
  /**
   * What becomes of what is under way when another playbook is deployed: runs keep the rules they
   * began by or go over to the new ones; clocks run as promised, anew, or by the earlier of both.
   */
  underWay: z
    .strictObject({
      runs: z.enum(['pin', 'migrate']).default('pin'),
      clocks: ClockRule.default('keep'),
    })
    .default({ runs: 'pin', clocks: 'keep' }),
  /** The connection of `ses` that hears which mails bounced and who complained. */
  mailFeedback: z.string().optional(),
});
export type StageConfig = z.infer<typeof StageConfig>;
