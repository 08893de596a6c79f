import { FaultScript } from '#connectors/kit/faults.ts';
import { connect, INVITATION, MORNING } from './slack-connection.ts';

describe('messages', () => {
  test('a message has a header, its lines and the buttons that were asked for', async () => {
    await using chat = await connect();
    const posted = await chat.post();

    const [message] = chat.fake.messages;
    expect(posted).toEqual({ channel: message?.channel, message: message?.ts });
    expect(message?.blocks).toMatchObject([
      { type: 'header', text: { text: INVITATION.title } },
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          text: 'They need: a demo\nCame from: <https://acme.example/pricing?a=1&amp;b=2>',
        },
      },
      {
        type: 'actions',
        elements: [
          { action_id: 'baton_accept', value: 'ho_1:0', style: 'primary' },
          { action_id: 'baton_snooze', value: 'ho_1:0' },
          {
            action_id: 'baton_reject',
            type: 'static_select',
            options: [
              { text: { text: 'No budget' }, value: 'no-budget' },
              { text: { text: 'Wrong person' }, value: 'wrong-person' },
            ],
          },
        ],
      },
    ]);
    expect(message?.metadata?.event_payload).toEqual({ key: 'effect-1', handoff_id: 'ho_1:0' });
  });

  test('a name cannot wake a channel', async () => {
    await using chat = await connect();
    await chat.post({ title: 'A lead: <!channel>', lines: ['Name: <!channel> & <@U1> @here'] });
    const [message] = chat.fake.messages;
    expect(JSON.stringify(message)).not.toMatch(/(?<!"text":"A lead: )<[!@]/);
    expect(message?.blocks[1]).toMatchObject({
      text: { text: 'Name: &lt;!channel&gt; &amp; &lt;@U1&gt; @here', verbatim: true },
    });
  });

  test.each([
    ['a long title', { title: 'x'.repeat(200) }, /x{149}…"/],
    ['a long line', { lines: ['y'.repeat(4000)] }, /y{2999}…"/],
    ['a long line of characters that grow', { lines: ['&'.repeat(4000)] }, /(&amp;)+…"/],
    ['a long label', { reasons: [{ code: 'c', label: 'z'.repeat(90) }] }, /z{74}…"/],
    ['too many lines', { lines: Array(200).fill('w'.repeat(2000)) }, /more that does not fit/],
    ['half a character at the cut', { title: `${'x'.repeat(148)}😀😀` }, /x{148}…"/],
  ])('%s is cut to what Slack takes, visibly', async (_case, more, seen) => {
    await using chat = await connect();
    await chat.post(more);
    expect(JSON.stringify(chat.fake.messages[0]?.blocks)).toMatch(seen);
  });

  test.each([
    ['no hand-off', { handoffId: undefined }],
    ['no actions', { actions: [] }],
  ])('with %s there are no buttons', async (_case, more) => {
    await using chat = await connect();
    await chat.post(more);
    expect(chat.fake.messages[0]?.blocks.map(({ type }) => type)).toEqual(['header', 'section']);
  });

  test('an update replaces the text and takes the buttons away', async () => {
    await using chat = await connect();
    const posted = await chat.post();
    const update = { ...posted, title: 'Accepted by Sue', lines: ['since 10:00'] };
    await chat.call('message.update', update);
    await chat.call('message.update', update);

    expect(chat.fake.messages[0]?.blocks.map(({ type }) => type)).toEqual(['header', 'section']);
    expect(chat.fake.writes.map(({ verb }) => verb)).toEqual(['message.post', 'message.update']);
    expect(chat.fake.clickButton(posted.channel, posted.message, 'U1', 'accept')).toBe(false);
    expect(chat.requests).toHaveLength(0);
  });
});

describe('addressees', () => {
  test('a person is found by e-mail address, once', async () => {
    await using chat = await connect();
    chat.fake.addMember('sue@acme.example');
    const first = await chat.post({ to: 'sue@acme.example' });
    // A second look would be answered with 429.
    chat.fake.limitNext('users.lookupByEmail');
    const second = await chat.post({ to: 'sue@acme.example' }, { key: 'effect-2' });
    expect(second.channel).toBe(first.channel);
    expect(chat.fake.writes.map(({ target }) => target)).toEqual(Array(2).fill('sue@acme.example'));
  });

  test.each([
    ['a person outside the workspace', 'bob@acme.example', 'slack_users_not_found'],
    ['a channel that is not there', '#nowhere', 'slack_channel_not_found'],
    ['a channel without the app', '#private', 'slack_not_in_channel'],
    ['an archived channel', '#old', 'slack_is_archived'],
  ])('%s is an error of the playbook', async (_case, to, code) => {
    await using chat = await connect();
    chat.fake.addChannel('private', { joined: false });
    chat.fake.addChannel('old', { archived: true });
    await expect(chat.post({ to })).rejects.toMatchObject({ kind: 'config', code });
  });
});

test('a click is answered in its place, five times at most', async () => {
  await using chat = await connect();
  const { channel, message } = await chat.post();
  const answer = {
    responseUrl: `${chat.url}/actions/${channel}/${message}`,
    title: 'Taken',
    lines: ['by Sue'],
  };
  for (let time = 1; time <= 5; time += 1) await chat.call('message.answer', answer);
  await expect(chat.call('message.answer', answer)).rejects.toMatchObject({
    kind: 'data',
    code: 'slack_used_url',
  });
  expect(chat.fake.messages[0]?.text).toBe('Taken\nby Sue');
  await expect(
    chat.call('message.answer', { ...answer, responseUrl: 'https://hooks.evil.example/x' }),
  ).rejects.toMatchObject({ code: 'slack_address_foreign' });
});

describe('a message whose answer was lost', () => {
  test.each([['#leads'], ['leads'], ['sue@acme.example']])(
    'is found in %s and not posted twice',
    async (to) => {
      await using chat = await connect();
      chat.fake.addMember('sue@acme.example');
      chat.fake.loseNextAnswer('chat.postMessage');
      await expect(chat.post({ to })).rejects.toMatchObject({
        kind: 'retry',
        outcomeUnknown: true,
      });

      const found = await chat.post({ to }, { recovering: true });
      expect(chat.fake.messages).toHaveLength(1);
      expect(found).toEqual({
        channel: chat.fake.messages[0]?.channel,
        message: chat.fake.messages[0]?.ts,
      });
    },
  );

  test('is found among hundreds, page by page', async () => {
    await using chat = await connect();
    await chat.post();
    for (let index = 0; index < 205; index += 1) {
      await chat.post({ actions: [] }, { key: `other-${index}` });
    }
    const found = await chat.post({}, { recovering: true });
    expect(found.message).toBe(chat.fake.messages[0]?.ts);
    expect(chat.fake.messages).toHaveLength(206);
  });

  test('is posted when it never arrived', async () => {
    await using chat = await connect();
    await chat.post({}, { key: 'another' });
    await chat.post({}, { recovering: true });
    expect(chat.fake.writes.map(({ key }) => key)).toEqual(['another', 'effect-1']);
  });
});

describe('errors', () => {
  test('429 rests for as long as Slack says', async () => {
    await using chat = await connect();
    chat.fake.limitNext('chat.postMessage', 1, 17);
    await expect(chat.post()).rejects.toMatchObject({
      kind: 'retry',
      code: 'slack_ratelimited',
      retryAfterMs: 17_000,
      // Only this method rests, for this workspace.
      limit: 'chat.postMessage',
      outcomeUnknown: false,
    });
    await expect(chat.post()).resolves.toMatchObject({ channel: expect.any(String) });
  });

  test('an outage may have posted or not', async () => {
    await using chat = await connect();
    chat.fake.outageUntil = new Date(MORNING.getTime() + 1);
    await expect(chat.post()).rejects.toMatchObject({ kind: 'retry', outcomeUnknown: true });
  });

  test('an update of a message that is gone is an error of that message', async () => {
    await using chat = await connect();
    const gone = { channel: 'C0001', message: '1.1', title: 'x', lines: [] };
    await expect(chat.call('message.update', gone)).rejects.toMatchObject({
      kind: 'data',
      code: 'slack_message_not_found',
    });
  });
});

describe('limits and health', () => {
  test('each method has the limit of its own tier', async () => {
    await using chat = await connect();
    const { connector } = chat.connections.open('chat');
    const { rates = [] } = connector.limits?.({ settings: {} }) ?? {};
    const counted = (path: string) =>
      rates.filter(({ only }) => only?.({ method: 'POST', path })).map(({ name }) => name);
    expect(counted('/chat.update')).toEqual(['chat.update']);
    expect(counted('/api/users.lookupByEmail')).toEqual(['users.lookupByEmail']);
    expect(counted('/auth.test')).toEqual([]);
    expect(rates.find(({ name }) => name === 'conversations.list')?.calls).toBe(20);
  });

  test.each([
    [{}, {}, 'ok', 'ok'],
    [{ scopes: ['chat:write'] }, {}, 'ok', 'failure'],
    [{}, { teamId: 'T2' }, 'failure', 'ok'],
  ])('with %j and %j: who we are is %s, what we may do is %s', async (...given) => {
    const [options, settings, credentials, scopes] = given;
    await using chat = await connect(options, settings);
    const { connector, operationContext } = chat.connections.open('chat');
    const { examination } = connector;
    const context = await operationContext('none');
    await expect(examination?.credentials(context)).resolves.toMatchObject({ state: credentials });
    await expect(examination?.scopes?.(context)).resolves.toMatchObject({ state: scopes });
    await expect(examination?.webhooks?.(context, 'https://hub.example')).resolves.toMatchObject({
      advice: expect.stringContaining('https://hub.example'),
    });
  });

  test.each([
    ['throttle', { code: 'slack_ratelimited', limit: 'chat.postMessage' }],
    ['outage', { code: 'slack_unavailable' }],
    ['token', { kind: 'auth', code: 'slack_token_revoked' }],
    ['lost-answer', { code: 'vendor_unreachable', outcomeUnknown: true }],
  ] as const)(
    '%s is answered as Slack answers it, and then it goes through',
    async (fault, error) => {
      const faults = new FaultScript(
        [{ fault, times: 1 }],
        () => MORNING,
        () => 0,
      );
      await using chat = await connect({ faults });
      await expect(chat.post()).rejects.toMatchObject(error);
      await chat.post({}, { recovering: true });
      expect(chat.fake.messages).toHaveLength(1);
    },
  );
});
