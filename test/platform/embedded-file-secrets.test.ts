import {
  chmodSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileSecrets } from '#platform/embedded/file-secrets.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const modeOf = (file: string) => statSync(file).mode & 0o777;

test('what the environment says wins over the file, field by field', async () => {
  using folder = temporaryFolder();
  writeFileSync(
    join(folder.path, 'secrets.json'),
    JSON.stringify({ slack: { botToken: 'from the file', signingSecret: 'kept' } }),
  );
  const secrets = fileSecrets(folder.path, {
    BATON_SLACK_BOT_TOKEN: 'from outside',
    SLACK_BOT_TOKEN: 'nothing of ours',
  });
  expect(await secrets.credentials('slack')).toEqual({
    botToken: 'from outside',
    signingSecret: 'kept',
  });
});

test('a variable of a connection is none of a connection with a shorter name', async () => {
  using folder = temporaryFolder();
  const env = { BATON_CRM_TOKEN: 'one', BATON_CRM_EU_TOKEN: 'two' };
  const secrets = fileSecrets(folder.path, env, ['crm', 'crm-eu']);
  expect(await secrets.credentials('crm')).toEqual({ token: 'one' });
  expect(await secrets.credentials('crm-eu')).toEqual({ token: 'two' });
});

describe('credentials that change', () => {
  const write = (file: string, token: string) =>
    writeFileSync(file, JSON.stringify({ crm: { token }, chat: { token: 'same' } }));
  const CHANGES: [how: string, change: (file: string) => void][] = [
    ['in place', (file) => write(file, 'longer than before')],
    [
      'to others of the same length, by a new file of the same time',
      (file) => {
        const { atime, mtime } = statSync(file);
        write(`${file}.new`, 'new');
        utimesSync(`${file}.new`, atime, mtime);
        renameSync(`${file}.new`, file);
      },
    ],
  ];

  test.each(CHANGES)('%s are told at the next question', async (_how, change) => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'secrets.json');
    write(file, 'old');
    const secrets = fileSecrets(folder.path, { BATON_CRM_USER: 'u' });
    expect(await secrets.credentials('crm')).toEqual({ token: 'old', user: 'u' });
    change(file);
    const { crm } = JSON.parse(readFileSync(file, 'utf8')) as { crm: { token: string } };
    expect(crm.token).not.toBe('old');
    expect(await secrets.credentials('crm')).toEqual({ ...crm, user: 'u' });
  });

  test('a file that is gone has none any more, and one that comes is read', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'secrets.json');
    const secrets = fileSecrets(folder.path, {});
    await expect(secrets.credentials('crm')).rejects.toMatchObject({ code: 'secret_missing' });
    write(file, 'there');
    expect(await secrets.credentials('crm')).toEqual({ token: 'there' });
    rmSync(file);
    await expect(secrets.credentials('crm')).rejects.toMatchObject({ code: 'secret_missing' });
  });

  test('a file that is broken for a moment is refused for that moment', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'secrets.json');
    write(file, 'old');
    const secrets = fileSecrets(folder.path, {});
    await secrets.credentials('crm');
    writeFileSync(file, '{"crm": ');
    await expect(secrets.credentials('crm')).rejects.toMatchObject({ code: 'secrets_unreadable' });
    await expect(secrets.credentials('crm')).rejects.toMatchObject({ code: 'secrets_unreadable' });
    write(file, 'and again');
    expect(await secrets.credentials('crm')).toEqual({ token: 'and again' });
  });

  test('what did not change is the same object, so that nobody need parse it again', async () => {
    using folder = temporaryFolder();
    write(join(folder.path, 'secrets.json'), 'old');
    const secrets = fileSecrets(folder.path, {});
    expect(await secrets.credentials('crm')).toBe(await secrets.credentials('crm'));
    expect(await secrets.credentials('chat')).not.toBe(await secrets.credentials('crm'));
  });
});

test('a mail server may ask for no password', async () => {
  using folder = temporaryFolder();
  expect(await fileSecrets(folder.path, {}).credentials('mail')).toEqual({});
});

test('a file that everybody may read is for its owner alone from then on', async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'secrets.json');
  writeFileSync(file, '{"slack": {"botToken": "t"}}');
  chmodSync(file, 0o644);
  await fileSecrets(folder.path, {}).credentials('slack');
  expect(modeOf(file)).toBe(0o600);
});

test.each([
  ['no JSON', '{"slack": '],
  ['no object per connection', '{"slack": "token"}'],
])('a file with %s is refused without a word of what is in it', async (_what, text) => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, 'secrets.json'), text);
  const refused = fileSecrets(folder.path, {}).credentials('slack');
  await expect(refused).rejects.toMatchObject({ code: 'secrets_unreadable' });
  await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('"token"') });
});

test('the hub makes a signing key once, for its owner alone', async () => {
  using folder = temporaryFolder();
  const first = await fileSecrets(folder.path, {}).signingKey();
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(modeOf(join(folder.path, 'signing-key'))).toBe(0o600);
  expect(readFileSync(join(folder.path, 'signing-key'), 'utf8')).toBe(first);
  expect(await fileSecrets(folder.path, {}).signingKey()).toBe(first);
});

test('a signing key from outside wins over the one in the folder', async () => {
  using folder = temporaryFolder();
  await fileSecrets(folder.path, {}).signingKey();
  const secrets = fileSecrets(folder.path, { BATON_SIGNING_KEY: 'from outside' });
  expect(await secrets.signingKey()).toBe('from outside');
});
