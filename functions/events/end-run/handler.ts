import * as z from 'zod';
import { endRun } from '#core/runs/end-run.ts';
import { openHub } from '#platform/aws/hub.ts';
import { queueHandler } from '#platform/aws/queue-handler.ts';

const hub = await openHub();

const Started = z.object({ person: z.string(), workflow: z.string() });

/** https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
const StatusChange = z.object({
  detail: z.object({
    name: z.string(),
    status: z.enum(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
    input: z
      .string()
      .transform((text): unknown => JSON.parse(text))
      .pipe(Started),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});

/** "Step Functions Execution Status Change": puts the person where the end of the run leaves them. */
export const handler = queueHandler(StatusChange, ({ detail }) =>
  endRun(hub, {
    run: detail.name,
    ...detail.input,
    status: detail.status,
    error: detail.error ?? undefined,
    cause: detail.cause ?? undefined,
  }),
);
