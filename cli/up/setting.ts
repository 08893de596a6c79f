import { join } from 'node:path';
import * as z from 'zod';
import type { Config } from '#cli/config.ts';
import { shown } from '#cli/config.ts';
import type { Connection } from '#connectors/kit/connection.ts';
import type { Connections } from '#connectors/kit/connections.ts';
import { HubError, isHubError } from '#core/errors.ts';
import type { Mail } from '#core/ports/mail.ts';
import type { Secrets } from '#core/ports/secrets.ts';
import { fileSecrets } from '#platform/embedded/file-secrets.ts';
import { outboxMail } from '#platform/embedded/outbox-mail.ts';
import { type SmtpSettings, smtpMail } from '#platform/embedded/smtp-mail.ts';

/** What a hub is surrounded by: vendors, secrets, mail. */
export interface Setting {
  readonly connections: readonly Connection[];
  readonly secrets: Secrets;
  readonly mail: Mail;
  /** Where mails go, in words. */
  readonly mailTo: string;
  close(): Promise<void>;
}

/** The setting that baton.json and the secrets beside the store describe. */
export async function configuredSetting(config: Config, folder: string): Promise<Setting> {
  const secrets = fileSecrets(folder, process.env);
  const mail = await mailOf(config, secrets, folder);
  return { connections: config.connections, secrets, ...mail };
}

const MailSecret = z.object({ password: z.string().optional() });

async function mailOf({ mail }: Config, secrets: Secrets, folder: string) {
  if (mail !== undefined && 'host' in mail) {
    const { password } = MailSecret.parse(await secrets.credentials('mail'));
    if (mail.user !== undefined && password === undefined) throw noPassword(folder, mail);
    return overSmtp(mail, password);
  }
  const outbox = mail?.outbox ?? join(folder, 'outbox');
  return {
    mail: outboxMail(outbox),
    mailTo: `files in ${shown(outbox)}`,
    close: async () => {},
  };
}

/** Mail over SMTP, as a part of a setting. */
export function overSmtp(settings: SmtpSettings, password?: string) {
  const mail = smtpMail(settings, password);
  return {
    mail,
    mailTo: `${settings.host}:${settings.port} from ${settings.from}`,
    close: async () => mail.close(),
  };
}

const noPassword = (folder: string, { user }: SmtpSettings) =>
  new HubError(
    'config',
    'credentials_missing',
    `The mail server wants a password for '${user}'. Set BATON_MAIL_PASSWORD, or write {"mail": {"password": "…"}} into ${shown(join(folder, 'secrets.json'))}.`,
  );

/** Refuses to start when a connection lacks credentials: found now, and not at its first lead. */
export async function requireCredentials(connections: Connections, folder: string): Promise<void> {
  const refusals: string[] = [];
  for (const name of connections.names) {
    try {
      await connections.open(name).context();
    } catch (error) {
      if (!isHubError(error, 'config')) throw error;
      refusals.push(error.message);
    }
  }
  if (refusals.length === 0) return;
  const [first = ''] = connections.names;
  const variable = `BATON_${first.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_<FIELD>`;
  throw new HubError(
    'config',
    'credentials_missing',
    `${refusals.join('\n')}\nPut them into ${shown(join(folder, 'secrets.json'))}, an object per connection, or into variables such as ${variable}.`,
  );
}
