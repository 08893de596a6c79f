import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
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
