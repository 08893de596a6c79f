import type { Secrets } from '#core/ports/secrets.ts';

export interface SecretsUnderTest {
  readonly secrets: Secrets;
  dispose(): Promise<void>;
}

/** What a store must hold before a test; `signingKey` absent: nobody has set one. */
export interface StoredSecrets {
  readonly credentials: Readonly<Record<string, unknown>>;
  readonly signingKey?: string;
}

/** What every implementation of Secrets must do. */
export function secretsContract(
  name: string,
  make: (stored: StoredSecrets) => Promise<SecretsUnderTest>,
): void {
  const fresh = async (stored: StoredSecrets) => {
    const { secrets, dispose } = await make(stored);
    return { secrets, [Symbol.asyncDispose]: dispose };
  };

  describe(`${name} keeps the contract of Secrets`, () => {
    test('answers the credentials of a connection as JSON', async () => {
      const crm = { clientId: 'abc', secret: 'p"ä$s\\w\n=#', scopes: ['a', 'b'], limit: 3 };
      await using held = await fresh({ credentials: { crm, map: { token: 't' } } });
      expect(await held.secrets.credentials('crm')).toEqual(crm);
      expect(await held.secrets.credentials('map')).toEqual({ token: 't' });
      expect(await held.secrets.credentials('crm')).toEqual(crm);
    });

    test('a connection without credentials is an error that names it and no secret', async () => {
      await using held = await fresh({ credentials: { crm: { token: 'hidden' } } });
      const refused = held.secrets.credentials('web-chat');
      await expect(refused).rejects.toMatchObject({
        name: 'HubError.config',
        code: 'secret_missing',
        message: expect.stringContaining('web-chat'),
      });
      await expect(refused).rejects.not.toMatchObject({
        message: expect.stringContaining('hidden'),
      });
    });

    test.each(['toString', '__proto__', 'constructor'])(
      'a connection that is called %s has no credentials by accident',
      async (connection) => {
        await using held = await fresh({ credentials: {} });
        await expect(held.secrets.credentials(connection)).rejects.toMatchObject({
          code: 'secret_missing',
        });
      },
    );

    test('the signing key is the same each time', async () => {
      await using held = await fresh({ credentials: {}, signingKey: 'k'.repeat(48) });
      expect(await held.secrets.signingKey()).toBe('k'.repeat(48));
      expect(await held.secrets.signingKey()).toBe('k'.repeat(48));
    });

    test('callers at the same time get the same', async () => {
      await using held = await fresh({
        credentials: { crm: { token: 't' } },
        signingKey: 'k'.repeat(48),
      });
      const both = await Promise.all([
        held.secrets.credentials('crm'),
        held.secrets.credentials('crm'),
        held.secrets.signingKey(),
      ]);
      expect(both).toEqual([{ token: 't' }, { token: 't' }, 'k'.repeat(48)]);
    });
  });
}
