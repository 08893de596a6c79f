import * as z from 'zod';

const bag = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((value) => value ?? {});

/** What the destination "HTTP Webhook" sends unless its body was rewritten. */
export const Hook = z.looseObject({
  event: z.looseObject({
    uuid: z.string().min(1),
    event: z.string(),
    distinct_id: z.coerce.string(),
    properties: bag,
    timestamp: z.string().nullish(),
  }),
  person: z.looseObject({ properties: bag }).nullish(),
});
export type Hook = z.infer<typeof Hook>;

/** What the action webhooks of old sent: a sentence for a chat. */
export const Sentence = z.strictObject({ text: z.string() });
