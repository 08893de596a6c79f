import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import type { FakeWrite } from '#connectors/kit/fake.ts';

/** A mail as its reader sees it. */
export interface ReceivedMail {
  /** Without brackets. */
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly at: string;
}

export interface FakeMailbox {
  readonly host: string;
  readonly port: number;
  /** Each message once, in order of arrival. */
  readonly mails: readonly ReceivedMail[];
  /** The same, as the fakes of vendors list what was written to them. */
  readonly writes: readonly FakeWrite[];
  /** Mails that came again under a Message-ID the mailbox had. */
  readonly repeats: () => number;
  /** While set and in the future, mails are put off with a 451 answer. */
  outageUntil: Date | undefined;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** An SMTP server on loopback that delivers every mail to itself. */
export async function startFakeMailbox(options: {
  now: () => Date;
  port?: number;
}): Promise<FakeMailbox> {
  const mails: ReceivedMail[] = [];
  const ids = new Set<string>();
  const writes: FakeWrite[] = [];
  let repeats = 0;
  let outageUntil: Date | undefined;

  const receive = async (stream: SMTPServerDataStream, to: string): Promise<void> => {
    const mail = await read(stream, to, options.now());
    // Mailboxes show a message once, by its Message-ID; without one they can't know.
    if (ids.has(mail.messageId)) repeats += 1;
    else {
      if (mail.messageId !== '') ids.add(mail.messageId);
      mails.push(mail);
      writes.push(asWrite(mail));
    }
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    // A client that keeps its connection must not keep the process.
    closeTimeout: 100,
    onMailFrom: (_address, _session, done) =>
      outageUntil !== undefined && options.now() < outageUntil
        ? done(Object.assign(new Error('Try again later'), { responseCode: 451 }))
        : done(),
    onData: (stream, session, done) => {
      const to = session.envelope.rcptTo.map(({ address }) => address).join(', ');
      receive(stream, to).then(() => done(), done);
    },
  });
  const address = await listen(server, options.port ?? 0);
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return {
    host: address.address,
    port: address.port,
    mails,
    writes,
    repeats: () => repeats,
    get outageUntil() {
      return outageUntil;
    },
    set outageUntil(until) {
      outageUntil = until;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The web addresses in a mail's text, in order: signed links among them. */
export function linksIn(mail: Pick<ReceivedMail, 'text'>): string[] {
  return mail.text.match(/https?:\/\/[^\s<>"]+/g) ?? [];
}

/** The address that stands behind a word at the beginning of a line: `Accept: https://…`. */
export function linkAfter(mail: Pick<ReceivedMail, 'text'>, word: string): string | undefined {
  const line = mail.text.split(/\r?\n/).find((one) => one.startsWith(`${word}:`));
  return line === undefined ? undefined : linksIn({ text: line })[0];
}

function asWrite({ messageId, to, subject, at }: ReceivedMail): FakeWrite {
  return { verb: 'mail.send', target: to, key: messageId, at, detail: { subject } };
}

async function listen(server: SMTPServer, port: number): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  // A client that hangs up in the middle of a mail is no reason to end the process.
  server.removeAllListeners('error');
  server.on('error', () => undefined);
  return server.server.address() as AddressInfo;
}

async function read(stream: SMTPServerDataStream, to: string, now: Date): Promise<ReceivedMail> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const parsed = await PostalMime.parse(Buffer.concat(chunks));
  return {
    messageId: (parsed.messageId ?? '').replace(/^<|>$/g, ''),
    to,
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html ?? '',
    at: now.toISOString(),
  };
}
