import { HubError } from '#core/errors.ts';
import type { CanonicalEvent, EventOf } from '#core/events.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { OperationCall } from '#core/ports/operations.ts';
import { handBack } from '#core/steps/hand-back.ts';
import { openHandOff } from '#test/support/hand-off-world.ts';
import { ADA, event, minute } from '#test/support/lead-events.ts';
import { accepted, deal, worked } from '#test/support/sales-events.ts';

const VALUE = { amountMinor: 1_200_000, currency: 'EUR' };

const visit = (at: string, campaign: EventOf<'touch.recorded'>['touch']['campaign']) =>
  event<'touch.recorded'>({
    type: 'touch.recorded',
    at,
    subject: { email: ADA, anonymousId: '1.2' },
    touch: { kind: 'page-visited', name: 'Pricing', campaign },
  });

/** Ada with Anna, and vendors of analytics that fail as they are told to. */
async function openAnalytics(names = ['ga4', 'segment']) {
  const reported: OperationCall[] = [];
  const failing = new Map<string, HubError>();
  const change = (hub: Hub): Hub => ({
    ...hub,
    operations: {
      ...hub.operations,
      inRole: (role) => (role === 'analytics' ? names : hub.operations.inRole(role)),
      async call(call) {
        if (call.operation !== 'conversion.report') return hub.operations.call(call);
        const failure = failing.get(call.connection);
        if (failure !== undefined) throw failure;
        reported.push(call);
        return {};
      },
    },
  });
  const world = await openHandOff(change);
  return {
    ...world,
    failing,
    reported,
    told: () =>
      reported.map(({ connection, input }) => `${connection}: ${(input as { name: string }).name}`),
    [Symbol.dispose]: () => world.store.dispose(),
  };
}

const BOTH_QUALIFIED = ['ga4: lead-qualified', 'segment: lead-qualified'];
const BOTH_WON = ['ga4: opportunity-won', 'segment: opportunity-won'];

describe('what is told', () => {
  test.each<[string, CanonicalEvent[], string[]]>([
    ['taken by its salesperson', [accepted(minute(5))], BOTH_QUALIFIED],
    ['taken twice', [accepted(minute(5)), accepted(minute(6))], BOTH_QUALIFIED],
    ['worked at once, which proves as much', [worked(minute(5))], BOTH_QUALIFIED],
    ['taken and worked', [accepted(minute(5)), worked(minute(9))], BOTH_QUALIFIED],
    [
      'taken by somebody who may not',
      [accepted(minute(5), { by: { email: 'nobody@northwind.example' } })],
      [],
    ],
    ['given a deal that is open', [deal(minute(5), 'open')], BOTH_QUALIFIED],
    ['won', [deal(minute(5), 'won')], [...BOTH_QUALIFIED, ...BOTH_WON]],
    [
      'won, by news that comes twice',
      [deal(minute(5), 'won'), deal(minute(6), 'won')],
      [...BOTH_QUALIFIED, ...BOTH_WON],
    ],
    [
      'won with two deals',
      [deal(minute(5), 'won'), deal(minute(6), 'won', { id: '2' })],
      [...BOTH_QUALIFIED, ...BOTH_WON, ...BOTH_WON],
    ],
    ['lost', [accepted(minute(5)), deal(minute(9), 'lost')], BOTH_QUALIFIED],
  ])('of a lead that was %s', async (_case, events, expected) => {
    using world = await openAnalytics();
    await world.tell(...events);
    expect(world.told()).toEqual(expected);
  });

  test('nothing, where nobody plays the role', async () => {
    using world = await openAnalytics([]);
    await world.tell(accepted(minute(5)), deal(minute(9), 'won'));
    expect(world.reported).toEqual([]);
  });

  test('a lead that comes back to sales is the same lead', async () => {
    using world = await openAnalytics(['ga4']);
    await world.tell(accepted(minute(5)));
    await handBack(world.hub, { ...world.step, step: 'nurture', reason: 'no_budget' }, {});
    await world.tell(accepted(minute(90)));
    expect(world.told()).toEqual(['ga4: lead-qualified']);
  });

  test('value, first source and last campaign go along, so that channels are judged by revenue', async () => {
    using world = await openAnalytics(['ga4']);
    await world.tell(
      visit(minute(-9000), { name: 'autumn', source: 'google', medium: 'cpc' }),
      visit(minute(-20), { name: 'retarget', source: 'linkedin', medium: 'paid' }),
      visit(minute(-10), undefined),
      deal(minute(60), 'won', VALUE),
      visit(minute(90), { name: 'too late', source: 'bing' }),
    );
    const [qualified, won] = world.reported.map(({ input }) => input);
    expect(qualified).not.toHaveProperty('amountMinor');
    expect(won).toEqual({
      name: 'opportunity-won',
      at: minute(60),
      person: world.personId,
      email: ADA,
      anonymousIds: ['1.2'],
      ...VALUE,
      properties: {
        firstSource: 'google',
        campaign: 'retarget',
        campaignSource: 'linkedin',
        campaignMedium: 'paid',
        lane: 'hand-raiser',
        rating: 'hot',
        opportunity: '1',
      },
    });
  });
});

describe('consent', () => {
  const at = minute(2);
  const subject = { email: ADA };
  const said = (channel: 'email' | 'phone' | 'all', granted: boolean, when = at) =>
    event<'consent.changed'>({ type: 'consent.changed', at: when, subject, channel, granted });

  test.each<[string, CanonicalEvent[], number]>([
    ['was erased', [event<'person.erased'>({ type: 'person.erased', at, subject })], 0],
    ['withdrew every consent', [said('all', false)], 0],
    ['unsubscribed', [said('email', false)], 0],
    [
      'is unsubscribed in a CRM',
      [
        event<'person.changed'>({
          type: 'person.changed',
          at,
          subject,
          person: { unsubscribed: true },
        }),
      ],
      0,
    ],
    ['unsubscribed and came back', [said('email', false), said('email', true, minute(3))], 2],
    [
      'came back, told in the other order',
      [said('email', true, minute(3)), said('email', false)],
      2,
    ],
    ['wants no calls', [said('phone', false)], 2],
  ])('of somebody who %s', async (_case, before, expected) => {
    using world = await openAnalytics(['ga4']);
    await world.tell(...before, deal(minute(60), 'won'));
    expect(world.reported).toHaveLength(expected);
  });
});

describe('a vendor of analytics that fails', () => {
  const down = new HubError('retry', 'ga4_unavailable', 'Google Analytics answered HTTP 503.');
  const refused = new HubError('config', 'ga4_path_unknown', 'Google Analytics refused.');

  test('keeps no other from being told, and is told once it is up again', async () => {
    using world = await openAnalytics();
    world.failing.set('ga4', down);
    const news = accepted(minute(5));
    await expect(world.tell(news)).rejects.toThrow('HTTP 503');
    expect(world.told()).toEqual(['segment: lead-qualified']);
    world.failing.clear();
    await world.repeat(news, world.personId, 'conversions');
    expect(world.told()).toEqual(['segment: lead-qualified', 'ga4: lead-qualified']);
    // Whoever was asked before and did not answer may have heard it.
    expect(world.reported.map(({ recovering }) => recovering)).toEqual([false, true]);
  });

  test('for good stands in the timeline and is not asked again', async () => {
    using world = await openAnalytics();
    world.failing.set('ga4', refused);
    const news = accepted(minute(5));
    await world.tell(news);
    world.failing.clear();
    await world.repeat(news, world.personId, 'conversions');
    expect(world.told()).toEqual(['segment: lead-qualified']);
    expect(await world.titles()).toEqual(
      expect.arrayContaining([
        'refused: lead-qualified told to ga4',
        'lead-qualified told to segment',
      ]),
    );
  });
});
