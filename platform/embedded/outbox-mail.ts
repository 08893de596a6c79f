import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Mail, MailMessage } from '#core/ports/mail.ts';

/** Mail as files in a folder, for hubs without a mail server: any mail program opens them. */
export function outboxMail(folder: string): Mail {
  const transport = createTransport({ streamTransport: true, buffer: true });
  return {
    async send({ messageId, to, subject, text, html }: MailMessage) {
      const { message } = await transport.sendMail({
        from: 'baton@localhost',
        messageId: `<${messageId}>`,
        to,
        subject,
        text,
        html,
      });
      mkdirSync(folder, { recursive: true });
      // The same message again is the same file, and a reader never sees half of one.
      const file = join(folder, `${messageId.replaceAll(/[^\w.@-]/g, '.')}.eml`);
      writeFileSync(`${file}.part`, message as Buffer);
      renameSync(`${file}.part`, file);
    },
  };
}
