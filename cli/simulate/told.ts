import * as z from 'zod';
import type { RawRequest } from '#connectors/kit/connector.ts';
import { defineConnector } from '#connectors/kit/connector.ts';
import { HubError } from '#core/errors.ts';
import type { TranslatedEvent } from '#core/events.ts';

/** How a rehearsal's hub names the connection by which it hears of everything. */
export const TOLD = 'told';

const Deliveries = z.array(
  z.object({
    sourceId: z.string(),
    subject: z.object({
      email: z.string().optional(),
      handoffId: z.string().optional(),
      external: z.array(z.object({ id: z.string() })).optional(),
    }),
  }),
);

/**
 * The world of a rehearsal, or a history, as a vendor: what it sends is canonical already, and there
 * is nothing at it that could be called. It is in no registry, so no configuration can name it.
 */
export const told = defineConnector({
  id: TOLD,
  title: 'A rehearsal',
  docs: 'docs/playbook.md',
  credentials: z.strictObject({}),
  settings: z.strictObject({}),
  http: {
    baseUrl: () => 'https://nowhere.invalid',
    timeoutMs: 1,
    headers: () => {
      throw new HubError('defect', 'rehearsal_calls', 'A rehearsal tried to call somebody.');
    },
    failure: () => undefined,
  },
  inbound: {
    // Only the process that rehearses can bring it anything.
    verify: () => {},
    open: (request) => {
      const events: unknown = JSON.parse(Buffer.from(request.body).toString());
      const read = Deliveries.parse(events);
      return read.map(({ sourceId, subject }, index) => ({
        dedupeKey: sourceId,
        group: subject.email ?? subject.external?.[0]?.id ?? subject.handoffId ?? sourceId,
        body: (events as unknown[])[index],
      }));
    },
    acknowledge: () => ({ status: 200, headers: {}, body: '' }),
    // Intake parses what comes out of here as it does every vendor's.
    translate: async ({ body }) => [body as TranslatedEvent],
  },
  operations: {},
});

/** Events as the request that brings them. */
export const telling = (events: readonly TranslatedEvent[]): RawRequest => ({
  method: 'POST',
  path: `/in/${TOLD}/${TOLD}`,
  url: `https://nowhere.invalid/in/${TOLD}/${TOLD}`,
  headers: {},
  body: Buffer.from(JSON.stringify(events)),
});
