import type { Mail, MailMessage } from '#core/ports/mail.ts';

export interface MailUnderTest {
  readonly mail: Mail;
  /** What arrived, decoded as a mailbox would show it. */
  arrived(): Promise<Omit<MailMessage, 'messageId'>[]>;
  /** From now on the server says "try again later". */
  goDown(): Promise<void>;
  dispose(): Promise<void>;
}

/** What every implementation of Mail must do. */
export function mailContract(name: string, make: () => Promise<MailUnderTest>): void {
  const fresh = async () => {
    const made = await make();
    return { ...made, [Symbol.asyncDispose]: () => made.dispose() };
  };

  describe(`${name} keeps the contract of Mail`, () => {
    test('a mail arrives with both of its bodies', async () => {
      await using post = await fresh();
      await post.mail.send(message());
      expect(await post.arrived()).toEqual([shown(message())]);
    });

    test.each<[string, Partial<MailMessage>]>([
      ['a subject with accents and emoji', { subject: 'Neue Übergabe: Zoë 🎉 wartet' }],
      ['a subject of 200 characters', { subject: 'Acme '.repeat(40).trim() }],
      ['a text with long lines', { text: 'wort '.repeat(600).trim() }],
      ['a line with a single dot', { text: 'before\n.\nafter' }],
      ['a body that looks like a boundary', { text: '--\n--boundary--\nend' }],
      ['an address with a plus', { to: 'kim+sales@example.com' }],
      ['html with accents and quotes', { html: '<p class="a">Größe &amp; “Preis” 🎉</p>' }],
    ])('keeps %s', async (_what, differing) => {
      await using post = await fresh();
      await post.mail.send(message(differing));
      expect(await post.arrived()).toEqual([shown(message(differing))]);
    });

    test('two mails are two mails', async () => {
      await using post = await fresh();
      await post.mail.send(message({ messageId: 'a@hub.example', subject: 'First' }));
      await post.mail.send(message({ messageId: 'b@hub.example', subject: 'Second' }));
      expect((await post.arrived()).map((one) => one.subject).sort()).toEqual(['First', 'Second']);
    });

    test('a server that is down for now is an error to try again', async () => {
      await using post = await fresh();
      await post.goDown();
      await expect(post.mail.send(message())).rejects.toMatchObject({ name: 'HubError.retry' });
      expect(await post.arrived()).toEqual([]);
    });
  });
}

function message(differing: Partial<MailMessage> = {}): MailMessage {
  return {
    messageId: 'handoff-1.remind-1@hub.example',
    to: 'kim@example.com',
    subject: 'Ada Lovelace is waiting',
    text: 'Ada asked for a demo at 9:30.\n\nAccept: https://hub.example/h/abc',
    html: '<p>Ada asked for a demo at 9:30.</p><p><a href="https://hub.example/h/abc">Accept</a></p>',
    ...differing,
  };
}

function shown({ to, subject, text, html }: MailMessage): Omit<MailMessage, 'messageId'> {
  return { to, subject, text, html };
}
