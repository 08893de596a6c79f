import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { HubError } from '#core/errors.ts';
import type { Secrets } from '#core/ports/secrets.ts';
import { awsFailure } from './failures.ts';

/** A changed secret is seen within five minutes; each read costs money and 10 ms. */
const KEPT_MS = 5 * 60_000;

/** Reads `baton/<stage>/connections/<name>` and `baton/<stage>/signing-key` from Secrets Manager. */
export function secretsManagerSecrets(
  manager: SecretsManagerClient,
  stage: string,
  now: () => Date,
): Secrets {
  const kept = new Map<string, { readonly text: Promise<string>; readonly until: number }>();

  const read = (name: string): Promise<string> => {
    const found = kept.get(name);
    if (found !== undefined && now().getTime() < found.until) return found.text;
    const text = fetchSecret(manager, name);
    kept.set(name, { text, until: now().getTime() + KEPT_MS });
    // A failure is not worth keeping.
    text.catch(() => kept.delete(name));
    return text;
  };

  return {
    credentials: async (connection) => {
      const name = `baton/${stage}/connections/${connection}`;
      return parsed(name, await read(name));
    },
    signingKey: () => read(`baton/${stage}/signing-key`),
  };
}

async function fetchSecret(manager: SecretsManagerClient, name: string): Promise<string> {
  try {
    const { SecretString } = await manager.send(new GetSecretValueCommand({ SecretId: name }));
    if (SecretString !== undefined) return SecretString;
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException))
      throw awsFailure(error, `Reading secret '${name}'`);
  }
  throw new HubError(
    'config',
    'secret_missing',
    `Secret '${name}' has no value: set it with 'aws secretsmanager put-secret-value'.`,
  );
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Without the cause: the parser's message quotes the secret.
    throw new HubError('config', 'secret_malformed', `Secret '${name}' is not JSON.`);
  }
}
