import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, readConfig } from '#cli/config.ts';
import { isHubError } from '#core/errors.ts';
import { temporaryFolder } from './command-line.ts';

function configOf(text: string): Config {
  using folder = temporaryFolder();
  const file = join(folder.path, 'baton.json');
  writeFileSync(file, text);
  return readConfig(file);
}

function refusalOf(text: string): { code: string; message: string } {
  try {
    configOf(text);
  } catch (error) {
    if (isHubError(error, 'config')) return error;
    throw error;
  }
  throw new Error('It was taken.');
}

test('what is not said is as by default, and the playbook is the one that ships', () => {
  const config = configOf('{ "connections": [{ "name": "web", "vendor": "segment" }] }');
  expect(config.port).toBe(8080);
  expect(config.playbook).toMatch(/workflows\/definitions$/);
  expect(config.publicUrl).toBeUndefined();
  expect(config.connections).toEqual([{ name: 'web', vendor: 'segment', roles: [], settings: {} }]);
});

test('paths lead from the file, and an address has no slash at its end', () => {
  const config = configOf(
    '{ "playbook": "play", "mail": { "outbox": "out" }, "publicUrl": "https://hub.example.com/" }',
  );
  const folder = config.file?.replace(/\/baton.json$/, '');
  expect(config.playbook).toBe(`${folder}/play`);
  expect(config.mail).toEqual({ outbox: `${folder}/out` });
  expect(config.publicUrl).toBe('https://hub.example.com');
});

test.each([
  [
    'a misspelt field',
    '{\n  "connectoins": []\n}',
    /baton\.json:2:\d+ .*connectoins.*Did you mean "connections"\?/,
  ],
  [
    'a connection without a vendor',
    '{\n  "connections": [\n    { "name": "web" }\n  ]\n}',
    /baton\.json:3:5 connections\[0\].*vendor/,
  ],
  [
    'a role that nobody plays',
    '{ "connections": [\n{ "name": "sf", "vendor": "salesforce", "roles": ["crn"] } ] }',
    /baton\.json:2:\d+ connections\[0\]\.roles\[0\].*Did you mean "crm"\?/,
  ],
  ['a port beyond all ports', '{ "port": 80800 }', /baton\.json:1:11 port: /],
  [
    'an address that is none',
    '{ "publicUrl": "hub.example.com" }',
    /baton\.json:1:\d+ publicUrl: /,
  ],
  ['a comma too many', '{\n  "port": 1,\n}', /baton\.json:3:1 /],
  [
    'two connections of one name',
    '{ "connections": [{ "name": "web", "vendor": "segment" }, { "name": "web", "vendor": "slack" }] }',
    /two connections are named 'web'/,
  ],
])('%s is refused at its place', (_, text, expected) => {
  const { code, message } = refusalOf(text);
  expect(code).toBe('config_invalid');
  expect(message).toMatch(expected);
});

test('a file that was asked for and is not there is an error, the default one is not', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'other.json');
  expect(() => readConfig(file)).toThrow(/other\.json can't be read.*--config/s);
});
