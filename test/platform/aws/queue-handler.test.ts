import type { Context } from 'aws-lambda';
import { HubError } from '#core/errors.ts';
import { Envelope } from '#core/ports/inbox.ts';
import { queueHandler } from '#platform/aws/queue-handler.ts';
import { type QueueMessage, queueEvent } from '#test/support/lambda-events.ts';
import { silenced } from '#test/support/silenced.ts';

function message(id: string, group?: string) {
  const envelope: Envelope = {
    id,
    connection: 'crm',
    vendor: 'salesforce',
    receivedAt: '2027-01-05T09:30:00.000Z',
    group: group ?? 'none',
    dedupeKey: id,
    body: { id },
  };
  return { id, group, body: JSON.stringify(envelope) };
}

/** Takes a batch in which the named envelopes fail, and says what was tried and what goes back. */
async function take(messages: readonly QueueMessage[], failing: readonly string[] = []) {
  const tried: string[] = [];
  const handler = queueHandler(Envelope, async ({ id }) => {
    await new Promise((resolve) => setTimeout(resolve, id.length));
    tried.push(id);
    if (failing.includes(id)) throw new HubError('retry', 'vendor_down', 'later');
  });
  const { result, logged } = await silenced(() => handler(queueEvent(messages), {} as Context));
  const { batchItemFailures } = result as unknown as {
    batchItemFailures: { itemIdentifier: string }[];
  };
  return { tried, back: batchItemFailures.map((one) => one.itemIdentifier), logged };
}

describe('queueHandler', () => {
  test('takes a whole batch', async () => {
    const { tried, back, logged } = await take([message('a1', 'a'), message('b1', 'b')]);
    expect([...tried].sort()).toEqual(['a1', 'b1']);
    expect(back).toEqual([]);
    expect(logged).toEqual([]);
  });

  test('keeps the order inside a group, however long each takes', async () => {
    const { tried } = await take([message('a-long-one', 'a'), message('a2', 'a')]);
    expect(tried).toEqual(['a-long-one', 'a2']);
  });

  test('gives back what failed and everything behind it in its group, and no other group', async () => {
    const batch = [
      message('a1', 'a'),
      message('b1', 'b'),
      message('a2', 'a'),
      message('b2', 'b'),
      message('a3', 'a'),
    ];
    const { tried, back, logged } = await take(batch, ['a2']);
    expect(back).toEqual(['a2', 'a3']);
    expect(tried).not.toContain('a3');
    expect(tried).toContain('b2');
    expect(logged).toEqual([
      expect.objectContaining({ code: 'vendor_down', messageId: 'a2', tries: '1' }),
    ]);
  });

  test('on a queue without groups, gives back only what failed', async () => {
    const { tried, back } = await take([message('m1'), message('m2'), message('m3')], ['m2']);
    expect([...tried].sort()).toEqual(['m1', 'm2', 'm3']);
    expect(back).toEqual(['m2']);
  });

  test.each([
    ['no JSON', 'secret, not json'],
    ['no envelope', '{"id":"secret"}'],
  ])('gives back a message that is %s, and does not log what it holds', async (_what, body) => {
    const { tried, back, logged } = await take([
      { id: 'odd', group: 'a', body },
      message('b1', 'b'),
    ]);
    expect(back).toEqual(['odd']);
    expect(tried).toEqual(['b1']);
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toContain('secret');
  });
});
