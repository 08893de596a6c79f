import { createTransport } from 'nodemailer';
import { linkAfter, linksIn, startFakeMailbox } from '#platform/embedded/fake-mailbox.ts';

const MORNING = new Date('2026-11-22T09:00:00.000Z');
const LINK = `https://hub.example/h/${'7b2268'.repeat(30)}.${'ab12'.repeat(16)}`;

async function connect() {
  const clock = { now: MORNING };
  const mailbox = await startFakeMailbox({ now: () => clock.now });
  const transport = createTransport({ host: mailbox.host, port: mailbox.port, secure: false });
  const send = (messageId: string, more: object = {}) =>
    transport.sendMail({
      from: 'hub@acme.example',
      to: 'sue@acme.example',
      messageId: `<${messageId}>`,
      subject: 'A lead for you: Zoë 李',
      text: `Zoë 李\n\nAccept: ${LINK}\nReject: ${LINK}r\n`,
      html: '<h2>Zoë 李</h2>',
      ...more,
    });
  const dispose = async () => {
    transport.close();
    await mailbox.close();
  };
  return { clock, mailbox, send, [Symbol.asyncDispose]: dispose };
}

test('a mail is there as its reader sees it, with its links whole', async () => {
  await using post = await connect();
  await post.send('effect-1@hub');
  const [mail] = post.mailbox.mails;
  if (mail === undefined) throw new Error('No mail came.');
  expect(mail).toMatchObject({
    messageId: 'effect-1@hub',
    to: 'sue@acme.example',
    subject: 'A lead for you: Zoë 李',
    html: expect.stringContaining('<h2>Zoë 李</h2>'),
    at: MORNING.toISOString(),
  });
  expect(linksIn(mail)).toEqual([LINK, `${LINK}r`]);
  expect(linkAfter(mail, 'Accept')).toBe(LINK);
  expect(linkAfter(mail, 'Reject')).toBe(`${LINK}r`);
  expect(linkAfter(mail, 'Forward')).toBeUndefined();
});

test('a mail that comes again is kept once and counted', async () => {
  await using post = await connect();
  await post.send('effect-1@hub');
  await post.send('effect-1@hub');
  await post.send('effect-2@hub');
  expect(post.mailbox.mails.map(({ messageId }) => messageId)).toEqual([
    'effect-1@hub',
    'effect-2@hub',
  ]);
  expect(post.mailbox.repeats()).toBe(1);
  expect(post.mailbox.writes).toHaveLength(2);
});

test('a mailbox that is down puts mails off', async () => {
  await using post = await connect();
  post.mailbox.outageUntil = new Date(MORNING.getTime() + 1_000);
  await expect(post.send('effect-1@hub')).rejects.toMatchObject({ responseCode: 451 });
  post.clock.now = new Date(MORNING.getTime() + 1_000);
  await post.send('effect-1@hub');
  expect(post.mailbox.mails).toHaveLength(1);
});
