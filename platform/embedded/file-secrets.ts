import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import type { Secrets } from '#core/ports/secrets.ts';

const SecretsFile = z.record(z.string(), z.record(z.string(), z.unknown()));

/**
 * Secrets from a file that only its owner may read, and from the environment, which wins:
 * `BATON_<CONNECTION>_<NAME>`, in capitals, with `_` for every other character.
 */
export function fileSecrets(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Secrets {
  const file = join(folder, 'secrets.json');
  const fromFile = () => {
    if (!existsSync(file)) return {};
    keepPrivate(file);
    const parsed = SecretsFile.safeParse(readJson(file));
    if (parsed.success) return parsed.data;
    throw new HubError(
      'config',
      'secrets_unreadable',
      `${file} must hold an object per connection: {"slack": {"botToken": "…"}}.`,
    );
  };
  return {
    credentials: async (connection) => ({
      ...fromFile()[connection],
      ...fromEnvironment(connection, env),
    }),
    signingKey: async () => env['BATON_SIGNING_KEY'] ?? ownKey(join(folder, 'signing-key')),
  };
}

function fromEnvironment(
  connection: string,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const prefix = `BATON_${connection.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_`;
  const named = Object.entries(env).filter(([name]) => name.startsWith(prefix));
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

function keepPrivate(file: string): void {
  if (process.platform === 'win32' || (statSync(file).mode & 0o077) === 0) return;
  chmodSync(file, 0o600);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new HubError('config', 'secrets_unreadable', `${file} is not JSON.`, { cause });
  }
}
