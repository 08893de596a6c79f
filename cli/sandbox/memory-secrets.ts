import type { Secrets } from '#core/ports/secrets.ts';

/** Secrets that are no secret: those of the sandbox's own fakes. */
export function memorySecrets(credentials: Readonly<Record<string, object>>): Secrets {
  return {
    credentials: async (connection) => credentials[connection] ?? {},
    signingKey: async () => 'sandbox-signing-key',
  };
}
