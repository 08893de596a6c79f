import * as z from 'zod';
import { defineStep } from './step.ts';

/** Raised when the lead fails a clause that it is asked for. */
const NOT_READY = 'Agree.NotReady';

/** What the agreement said of a lead that may go on. */
export const Agreed = z.strictObject({
  /** The version that was in force; `null` where none was. */
  version: z.string().nullable(),
  /** The ids of the clauses that the lead was asked for and met. */
  clauses: z.array(z.string()),
});
export type Agreed = z.infer<typeof Agreed>;

export const agree = defineStep({
  kind: 'agree',
  summary: 'Holds the lead against the agreement in force; who is not sales-ready leaves.',
  fields: z.strictObject({}),
  output: Agreed,
  result: 'agreement',
  lambda: 'decide',
  needs: ['score'],
  outcomes: { [NOT_READY]: 'onNotReady' },
});
