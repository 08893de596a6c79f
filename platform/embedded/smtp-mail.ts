import { createTransport } from 'nodemailer';
import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import type { Mail, MailMessage } from '#core/ports/mail.ts';

/** How mail leaves an embedded hub. */
export const SmtpSettings = z.strictObject({
  host: z.string(),
  port: z.number().int(),
  /** TLS from the first byte (port 465); otherwise STARTTLS where the server offers it. */
  secure: z.boolean().default(false),
  from: z.string(),
  user: z.string().optional(),
});
export type SmtpSettings = z.infer<typeof SmtpSettings>;

/** Codes by which an SMTP server refuses this mail for good. https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1 */
const isFinal = (code: unknown) => typeof code === 'number' && code >= 500 && code < 600;

/** Mail over SMTP. */
export function smtpMail(settings: SmtpSettings, password?: string): Mail & { close(): void } {
  const { host, port, secure, from, user } = settings;
  const auth = user === undefined ? {} : { auth: { user, pass: password ?? '' } };
  const transport = createTransport({ host, port, secure, pool: true, maxConnections: 2, ...auth });
  return {
    close: () => transport.close(),
    async send({ messageId, to, subject, text, html }: MailMessage) {
      try {
        await transport.sendMail({ from, messageId: `<${messageId}>`, to, subject, text, html });
      } catch (error) {
        const { responseCode } = error as { responseCode?: unknown };
        if (isFinal(responseCode)) {
          throw new HubError(
            'data',
            'mail_refused',
            `The mail server refused a mail (${responseCode}).`,
            { cause: error },
          );
        }
        throw new HubError(
          'retry',
          'mail_unreachable',
          `The mail server ${host}:${port} did not take a mail.`,
          { cause: error },
        );
      }
    },
  };
}
