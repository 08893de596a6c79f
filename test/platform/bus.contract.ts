import type { Bus, Published } from '#core/ports/bus.ts';

export interface BusUnderTest {
  readonly bus: Bus;
  /** What listeners have heard by now, as the JSON they got. */
  heard(): Promise<Published[]>;
  dispose(): Promise<void>;
}

/** What every implementation of Bus must do. `make` answers a bus that nobody has used yet. */
export function busContract(name: string, make: () => Promise<BusUnderTest>): void {
  const fresh = async () => {
    const { bus, heard, dispose } = await make();
    return { bus, heard, [Symbol.asyncDispose]: dispose };
  };

  describe(`${name} keeps the contract of Bus`, () => {
    test('news is heard as it was published', async () => {
      await using made = await fresh();
      await made.bus.publish([touch('t1', 'person-1', 'Größe ändern 🎉')]);
      expect(await made.heard()).toEqual([touch('t1', 'person-1', 'Größe ändern 🎉')]);
    });

    test('anonymous news has no person, not an empty one', async () => {
      await using made = await fresh();
      await made.bus.publish([{ ...touch('t1'), personId: undefined }]);
      expect(await made.heard()).toStrictEqual([touch('t1')]);
    });

    test('news for one listener alone is heard beside the same news for all', async () => {
      await using made = await fresh();
      const both = [touch('t1', 'person-1'), { ...touch('t1', 'person-1'), only: 'conversions' }];
      await made.bus.publish(both as Published[]);
      const heard = await made.heard();
      expect(heard).toHaveLength(2);
      expect(heard).toEqual(expect.arrayContaining(both));
    });

    test('no news is no error', async () => {
      await using made = await fresh();
      await made.bus.publish([]);
      expect(await made.heard()).toEqual([]);
    });

    test('one call takes more than the cloud takes in one request', async () => {
      await using made = await fresh();
      const news = Array.from({ length: 37 }, (_, at) => touch(`t${at}`, `person-${at}`));
      await made.bus.publish(news);
      expect(idsOf(await made.heard())).toEqual(idsOf(news));
    });

    test('six pieces of 100 KB go out with one call', async () => {
      await using made = await fresh();
      const news = [0, 1, 2, 3, 4, 5].map((at) => touch(`t${at}`, 'p', 'ä'.repeat(50_000)));
      await made.bus.publish(news);
      expect(idsOf(await made.heard())).toEqual(idsOf(news));
    });

    test('calls at the same time lose nothing', async () => {
      await using made = await fresh();
      const news = Array.from({ length: 40 }, (_, at) => touch(`t${at}`));
      await Promise.all(news.map((one) => made.bus.publish([one])));
      expect(idsOf(await made.heard())).toEqual(idsOf(news));
    });
  });
}

function touch(id: string, personId?: string, name = 'Pricing'): Published {
  const at = '2027-01-05T09:30:00.000Z';
  return {
    event: {
      id,
      type: 'touch.recorded',
      at,
      receivedAt: at,
      connection: 'website',
      sourceId: id,
      subject: { anonymousId: 'visitor-1' },
      touch: { kind: 'page-visited', name },
    },
    ...(personId === undefined ? {} : { personId }),
  };
}

/** At least once and in no order: repeats and order are not looked at. */
function idsOf(news: readonly Published[]): string[] {
  return [...new Set(news.map((one) => one.event.id))].sort();
}
