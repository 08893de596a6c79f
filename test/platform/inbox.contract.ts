import type { Envelope, Inbox } from '#core/ports/inbox.ts';

export interface InboxUnderTest {
  readonly inbox: Inbox;
  /** Takes out everything that waits, in the order in which intake would get it. */
  drain(): Promise<Envelope[]>;
  dispose(): Promise<void>;
}

/** What every implementation of Inbox must do. `make` answers an empty inbox for each test. */
export function inboxContract(name: string, make: () => Promise<InboxUnderTest>): void {
  const fresh = async () => {
    const { inbox, drain, dispose } = await make();
    return { inbox, drain, [Symbol.asyncDispose]: dispose };
  };

  describe(`${name} keeps the contract of Inbox`, () => {
    test('what was put comes out as it went in', async () => {
      await using box = await fresh();
      const sent = envelope('one', {
        body: {
          properties: [{ name: 'Größe', value: null }, 'Zoë 🎉', 3.25],
          'a.b': '\u0001\n"\uFFFF',
        },
      });
      await box.inbox.put([sent]);
      expect(await box.drain()).toEqual([sent]);
    });

    test.each([
      ['null', null],
      ['a text', 'ping'],
      ['a list', [1, [2]]],
      ['false', false],
    ])('a body may be %s', async (_what, body) => {
      await using box = await fresh();
      await box.inbox.put([envelope('one', { body })]);
      expect(await box.drain()).toEqual([envelope('one', { body })]);
    });

    test('nothing to put is no error', async () => {
      await using box = await fresh();
      expect(await box.inbox.put([])).toEqual({ repeats: 0 });
      expect(await box.drain()).toEqual([]);
    });

    test('one call takes more than the cloud takes in one request', async () => {
      await using box = await fresh();
      const sent = numbered(37, (at) => `person#${at % 5}`);
      expect(await box.inbox.put(sent)).toEqual({ repeats: 0 });
      expect(ids(await box.drain()).sort()).toEqual(ids(sent).sort());
    });

    test('inside a group the order of arrival is kept, over several calls too', async () => {
      await using box = await fresh();
      const sent = numbered(30, (at) => `person#${at % 3}`);
      await box.inbox.put(sent.slice(0, 13));
      await box.inbox.put(sent.slice(13));
      const drained = await box.drain();
      for (const group of ['person#0', 'person#1', 'person#2']) {
        const inGroup = (one: Envelope) => one.group === group;
        expect(ids(drained.filter(inGroup))).toEqual(ids(sent.filter(inGroup)));
      }
    });

    test('an id that is already there is not stored again', async () => {
      await using box = await fresh();
      await box.inbox.put([envelope('one'), envelope('two')]);
      const { repeats } = await box.inbox.put([envelope('two'), envelope('three')]);
      expect([0, 1]).toContain(repeats);
      expect(ids(await box.drain())).toEqual(['one', 'two', 'three']);
    });

    test('an id twice in one call is stored once', async () => {
      await using box = await fresh();
      await box.inbox.put([envelope('one'), envelope('one'), envelope('two')]);
      expect(ids(await box.drain())).toEqual(['one', 'two']);
    });

    test('an id that was taken out before does not come again', async () => {
      await using box = await fresh();
      await box.inbox.put([envelope('one')]);
      await box.drain();
      await box.inbox.put([envelope('one')]);
      expect(await box.drain()).toEqual([]);
    });

    test.each([
      ['an e-mail address with accents', 'email#zoë+test@müller.example'],
      ['spaces and slashes', 'hub spot/contact 12'],
      ['another script', '人物#田中'],
      ['300 characters', 'g'.repeat(300)],
    ])('a group may be %s', async (_what, group) => {
      await using box = await fresh();
      const sent = numbered(3, () => group);
      await box.inbox.put(sent);
      expect(await box.drain()).toEqual(sent);
    });

    test('an id may be long and hold any character', async () => {
      await using box = await fresh();
      const odd = ['e'.repeat(200), `${'e'.repeat(199)}f`, 'évent één', 'a b\tc'];
      const sent = odd.map((id) => envelope(id));
      await box.inbox.put(sent);
      expect(await box.drain()).toEqual(sent);
    });

    test('six bodies of 200 KB go in with one call', async () => {
      await using box = await fresh();
      const body = { text: 'ä'.repeat(100_000) };
      const sent = numbered(6, () => 'person#1').map((one) => ({ ...one, body }));
      await box.inbox.put(sent);
      expect(await box.drain()).toEqual(sent);
    });

    test('calls at the same time lose nothing', async () => {
      await using box = await fresh();
      const sent = numbered(60, (at) => `person#${at}`);
      await Promise.all(
        [0, 1, 2, 3, 4, 5].map((at) => box.inbox.put(sent.slice(at * 10, at * 10 + 10))),
      );
      expect(ids(await box.drain()).sort()).toEqual(ids(sent).sort());
    });
  });
}

function envelope(id: string, differing: Partial<Envelope> = {}): Envelope {
  return {
    id,
    connection: 'hubspot-main',
    vendor: 'hubspot',
    receivedAt: '2027-01-05T09:30:00.000Z',
    group: 'person#1',
    dedupeKey: `key-${id}`,
    body: { id },
    ...differing,
  };
}

function numbered(count: number, groupOf: (at: number) => string): Envelope[] {
  return Array.from({ length: count }, (_, at) => {
    const id = `event-${String(at).padStart(3, '0')}`;
    return envelope(id, { group: groupOf(at) });
  });
}

function ids(envelopes: readonly Envelope[]): string[] {
  return envelopes.map((one) => one.id);
}
