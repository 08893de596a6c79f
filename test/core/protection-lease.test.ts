import fc from 'fast-check';
import { applyFacts, firstSight } from '#core/intake/apply-facts.ts';
import { holdOfContacts } from '#core/protection/hold.ts';
import { leaseOf } from '#core/protection/lease.ts';
import type { Protection } from '#core/protection/protection.ts';
import { type Person, Standing } from '#core/records/person.ts';
import { demoRequest, event, minute } from '#test/support/lead-events.ts';

const protection: Protection = {
  contacts: { most: 2, within: 'P7D' },
  tickets: { severities: ['severe'], quietAfter: 'P7D' },
};
const now = new Date('2026-12-10T00:00:00Z');
const at = (days: number) => new Date(now.getTime() + days * 86_400_000).toISOString();
const person = (change: Partial<Person> = {}): Person => ({
  ...firstSight('per_1', demoRequest(minute(0))),
  ...change,
});
const ticket = (severity: 'normal' | 'severe', open: boolean, days: number) => ({
  at: at(days),
  severity,
  open,
});

test.each([
  ['sales has them', { standing: 'with-sales' }, 'sales'],
  ['nurture has them', { standing: 'nurture' }, 'marketing'],
  [
    'a customer is looked after',
    { standing: 'won', owner: { kind: 'salesperson', id: 'a' } },
    'sales',
  ],
  [
    'a severe ticket is open',
    { standing: 'with-sales', tickets: { a: ticket('severe', true, -30) } },
    'service',
  ],
  [
    'a severe ticket was closed lately',
    { standing: 'nurture', tickets: { a: ticket('severe', false, -6) } },
    'service',
  ],
  [
    'a severe ticket was closed long ago',
    { standing: 'nurture', tickets: { a: ticket('severe', false, -8) } },
    'marketing',
  ],
  [
    'a small ticket is open',
    { standing: 'with-sales', tickets: { a: ticket('normal', true, -1) } },
    'sales',
  ],
] as [string, Partial<Person>, string][])('%s: the lease is theirs', (_, change, who) => {
  expect(leaseOf(person(change), protection, now).who).toBe(who);
});

test('without a file on protection a ticket is between service and the customer', () => {
  const one = person({ standing: 'nurture', tickets: { a: ticket('severe', true, -1) } });
  expect(leaseOf(one, undefined, now).who).toBe('marketing');
});

test('the oldest contact that counts has to grow old enough', () => {
  expect(holdOfContacts(protection, [at(-8), at(-1)], now)).toBeUndefined();
  expect(holdOfContacts(protection, [at(-3), at(-1)], now)).toMatchObject({ until: at(4) });
  expect(holdOfContacts(protection, [at(-3), at(-2), at(-1)], now)).toMatchObject({ until: at(5) });
});

const tickets = fc.array(
  fc.record({
    ticket: fc.constantFrom('1', '2', undefined),
    minutes: fc.integer({ min: -100_000, max: 0 }),
    severity: fc.constantFrom(
      'low' as const,
      'normal' as const,
      'high' as const,
      'severe' as const,
    ),
    open: fc.boolean(),
  }),
  { maxLength: 12 },
);

test('law: in whatever order news come, one has the lease, and the same one', () => {
  fc.assert(
    fc.property(
      tickets,
      fc.constantFrom(...Standing.options),
      fc.infiniteStream(fc.nat()),
      (list, standing, keys) => {
        const events = list.map(({ minutes, ...of }) =>
          event<'ticket.changed'>({
            type: 'ticket.changed',
            at: new Date(now.getTime() + minutes * 60_000).toISOString(),
            subject: { personId: 'per_1' },
            ...of,
          }),
        );
        const shuffled = events
          .map((one) => ({ one, key: keys.next().value ?? 0 }))
          .sort((left, right) => left.key - right.key)
          .map(({ one }) => one);
        const lease = (of: typeof events) =>
          leaseOf(of.reduce(applyFacts, person({ standing })), protection, now);
        expect(lease(shuffled)).toEqual(lease(events));
        expect(['sales', 'marketing', 'service']).toContain(lease(events).who);
      },
    ),
  );
});
