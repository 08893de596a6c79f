import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import type { Secrets } from '#core/ports/secrets.ts';

const Credentials = z.record(z.string(), z.unknown());
type Credentials = z.infer<typeof Credentials>;
const SecretsFile = z.record(z.string(), Credentials);

const NOTHING: ReadonlyMap<string, Credentials> = new Map();

/** The hub's own mail server is no connection, and may ask for no password. */
const MAIL = 'mail';

/**
 * Secrets from a file that only its owner may read, and from the environment, which wins:
 * `BATON_<CONNECTION>_<NAME>`, in capitals, with `_` for every other character. `connections` are
 * all names there are, so that BATON_CRM_EU_TOKEN is for `crm-eu` and no `euToken` of `crm`. The
 * file is read again when it has changed; until then each answer for a connection is one object.
 */
export function fileSecrets(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  connections: readonly string[] = [],
): Secrets {
  const file = join(folder, 'secrets.json');
  const written = fileContent(file);
  let known = { of: NOTHING, credentials: new Map<string, Credentials>() };
  return {
    async credentials(connection) {
      const content = written();
      if (known.of !== content) known = { of: content, credentials: new Map() };
      const found = known.credentials.get(connection);
      if (found !== undefined) return found;
      const inFile = content.get(connection);
      const named = fromEnvironment(connection, env, connections);
      if (inFile === undefined && Object.keys(named).length === 0 && connection !== MAIL) {
        throw new HubError(
          'config',
          'secret_missing',
          `Connection '${connection}' has no credentials: write {"${connection}": {…}} into ${file}, or set ${prefixOf(connection)}<NAME>.`,
        );
      }
      const credentials = { ...inFile, ...named };
      known.credentials.set(connection, credentials);
      return credentials;
    },
    signingKey: async () => env['BATON_SIGNING_KEY'] ?? ownKey(join(folder, 'signing-key')),
  };
}

/** Answers what the file holds, the same map for as long as the file is the same. */
function fileContent(file: string): () => ReadonlyMap<string, Credentials> {
  let stamp = '';
  let content = NOTHING;
  return () => {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats !== undefined) keepPrivate(file, stats);
    const found = stampOf(stats);
    if (found === stamp) return content;
    content = stats === undefined ? NOTHING : parseFile(file);
    stamp = found;
    return content;
  };
}

/** A file that is replaced has another inode, whatever its time says. */
const stampOf = (stats: Stats | undefined) =>
  stats === undefined ? '' : `${stats.ino} ${stats.mtimeMs} ${stats.size}`;

function parseFile(file: string): ReadonlyMap<string, Credentials> {
  const parsed = SecretsFile.safeParse(readJson(file));
  if (parsed.success) return new Map(Object.entries(parsed.data));
  throw new HubError(
    'config',
    'secrets_unreadable',
    `${file} must hold an object per connection: {"slack": {"botToken": "…"}}.`,
  );
}

const prefixOf = (connection: string) =>
  `BATON_${connection.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_`;

function fromEnvironment(
  connection: string,
  env: Readonly<Record<string, string | undefined>>,
  connections: readonly string[],
): Record<string, string> {
  const prefix = prefixOf(connection);
  const longer = connections.map(prefixOf).filter((other) => other.length > prefix.length);
  const named = Object.entries(env).filter(
    ([name]) => name.startsWith(prefix) && !longer.some((other) => name.startsWith(other)),
  );
  return Object.fromEntries(
    named.map(([name, value]) => [camelCase(name.slice(prefix.length)), value ?? '']),
  );
}

const camelCase = (name: string) =>
  name.toLowerCase().replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** A key of this hub's own, made on first use: links of before must still verify after a restart. */
function ownKey(file: string): string {
  if (!existsSync(file)) {
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  }
  return readFileSync(file, 'utf8').trim();
}

function keepPrivate(file: string, { mode }: Stats): void {
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  chmodSync(file, 0o600);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new HubError(
      'config',
      'secrets_unreadable',
      `${file} is not JSON: write an object per connection into it, as docs/connecting.md shows.`,
      { cause },
    );
  }
}
