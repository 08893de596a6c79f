import { shown } from '#cli/config.ts';
import { type PlaybookOptions, playbookFolder } from '#cli/playbook.ts';
import { attachSandbox } from '#cli/sandbox/attach.ts';
import { memorySecrets } from '#cli/sandbox/memory-secrets.ts';
import { fileSecrets } from '#platform/embedded/file-secrets.ts';
import { overSmtp, type Setting } from './setting.ts';

/** Make-believe vendors in a process of their own; a hub that stops in good order ends them, too. */
export function sandboxSetting(options: PlaybookOptions) {
  return async ({ folder, hubUrl }: { folder: string; hubUrl: string }): Promise<Setting> => {
    const playbook = playbookFolder(options);
    const { connections, credentials, mail, stop } = await attachSandbox({
      folder,
      hubUrl,
      playbook,
    });
    const smtp = overSmtp(mail);
    return {
      ...smtp,
      mailTo: `a mailbox of the sandbox (${mail.host}:${mail.port})`,
      hint: `npx baton sandbox leads 5${shown(folder) === '.baton' ? '' : ` --data ${shown(folder)}`}`,
      connections,
      secrets: {
        credentials: memorySecrets(credentials).credentials,
        signingKey: fileSecrets(folder, process.env).signingKey,
      },
      close: async () => {
        await smtp.close();
        await stop();
      },
    };
  };
}
