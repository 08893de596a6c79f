import { MessageRejected, type SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { HubError } from '#core/errors.ts';
import type { Mail } from '#core/ports/mail.ts';
import { awsFailure } from './failures.ts';

/** What a person has to repair before any mail can leave: the account, the domain, the settings. */
const NOT_SET_UP = new Set([
  'AccountSuspendedException',
  'MailFromDomainNotVerifiedException',
  'NotFoundException',
  'SendingPausedException',
]);

/**
 * Sends mail through SES. SES writes a Message-ID of its own over any that it is given, in a raw
 * message too, so a mailbox can't tell a repeat: the effect ledger is what keeps mails single.
 * The hub's id travels in a header of its own and as a tag, where delivery events show it.
 * https://docs.aws.amazon.com/ses/latest/dg/header-fields.html
 */
export function sesMail(
  ses: SESv2Client,
  sender: { readonly from: string; readonly configurationSet: string },
): Mail {
  return {
    async send({ messageId, to, subject, text, html }) {
      const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });
      const command = new SendEmailCommand({
        FromEmailAddress: sender.from,
        ConfigurationSetName: sender.configurationSet,
        Destination: { ToAddresses: [to] },
        EmailTags: [{ Name: 'baton-message', Value: tagValue(messageId) }],
        Content: {
          Simple: {
            Subject: utf8(subject),
            Body: { Text: utf8(text), Html: utf8(html) },
            Headers: [{ Name: 'X-Baton-Message-ID', Value: `<${messageId}>` }],
          },
        },
      });
      await ses.send(command).catch((error: unknown) => {
        throw mailFailure(error);
      });
    },
  };
}

function mailFailure(error: unknown): HubError {
  if (error instanceof MessageRejected) {
    return new HubError('data', 'mail_rejected', 'SES refused this mail: check its addresses.', {
      cause: error,
    });
  }
  if (error instanceof Error && NOT_SET_UP.has(error.name)) {
    return new HubError(
      'config',
      'mail_not_set_up',
      `SES can't send for the hub (${error.name}).`,
      {
        cause: error,
      },
    );
  }
  return awsFailure(error, 'Sending mail');
}

/** SES takes letters, digits, `_` and `-` in a tag. */
function tagValue(messageId: string): string {
  return messageId.replace(/[^\w-]/g, '_').slice(0, 256);
}
