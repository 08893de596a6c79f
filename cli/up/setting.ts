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
  /** What to try next, where there is something. */
  readonly hint?: string;
  close(): Promise<void>;
}

/** The setting that baton.json and the secrets beside the store describe. */
export async function configuredSetting(config: Config, folder: string): Promise<Setting> {
  const names = config.connections.map(({ name }) => name);
  const secrets = fileSecrets(folder, process.env, names);
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
      // A file that can not be read is no matter of one connection.
      if (!isHubError(error, 'config') || error.code === 'secrets_unreadable') throw error;
      const where = ` They stand under "${name}" in ${shown(join(folder, 'secrets.json'))}.`;
      refusals.push(`${error.message}${error.code === 'secret_missing' ? '' : where}`);
    }
  }
  if (refusals.length === 0) return;
  throw new HubError('config', 'credentials_missing', refusals.join('\n'));
}
