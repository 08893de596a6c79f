import * as z from 'zod';
import { defineStep } from './step.ts';

/**
 * Any operation of any connector: `"use": "<vendor>.<operation>"`. Its `with` and its answer have
 * the operation's own schemas; the answer is kept only where the step names a variable with `as`.
 */
export const operation = defineStep({
  kind: 'operation',
  summary: "Calls one operation of a vendor's connector.",
  fields: z.strictObject({}).catchall(z.unknown()),
  output: z.unknown(),
  result: 'answer',
  lambda: 'act',
  internal: true,
});

/**
 * Inputs that a playbook may leave out, because the step knows them from the person and the
 * hand-off of its run. A playbook holds no personal data, so these can't be written down in it.
 */
export const FILLED_IN = ['record', 'email', 'facts', 'owner', 'handoffId'] as const;
