import * as z from 'zod';

const Recipient = z.object({ emailAddress: z.string() });

/** https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html */
const Feedback = z
  .object({
    // Events of a configuration set say one, feedback notifications of an identity the other.
    eventType: z.string().optional(),
    notificationType: z.string().optional(),
    bounce: z
      .object({
        bounceType: z.string(),
        bouncedRecipients: z.array(Recipient),
        timestamp: z.string(),
      })
      .optional(),
    complaint: z
      .object({ complainedRecipients: z.array(Recipient), timestamp: z.string() })
      .optional(),
    mail: z.object({ messageId: z.string() }),
  })
  .transform(({ eventType, notificationType, ...rest }) => ({
    type: eventType ?? notificationType ?? '',
    ...rest,
  }));
export type Feedback = z.infer<typeof Feedback>;

/** An event of the bus, with SES's words in `detail`, or these words alone. */
export const SesEvent = z.union([
  z.object({ source: z.literal('aws.ses'), detail: Feedback }).transform(({ detail }) => detail),
  Feedback,
]);

/** Addresses that can't be written to any more, and since when; none for what passes. */
export function lostAddresses({ type, bounce, complaint }: Feedback): {
  readonly addresses: readonly string[];
  readonly at: string;
} {
  if (type === 'Bounce' && bounce?.bounceType === 'Permanent') {
    return { addresses: emailsOf(bounce.bouncedRecipients), at: bounce.timestamp };
  }
  if (type === 'Complaint' && complaint !== undefined) {
    return { addresses: emailsOf(complaint.complainedRecipients), at: complaint.timestamp };
  }
  return { addresses: [], at: '' };
}

/** SES may repeat a recipient as the header had it: `Jane <jane@example.com>`. */
function emailsOf(recipients: readonly { readonly emailAddress: string }[]): string[] {
  const plain = (text: string) => (/<([^<>]+)>\s*$/.exec(text)?.[1] ?? text).trim().toLowerCase();
  return [...new Set(recipients.map(({ emailAddress }) => plain(emailAddress)))];
}
