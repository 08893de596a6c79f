import fc from 'fast-check';
import { Agreement } from '#core/agreement/agreement.ts';
import type { Party } from '#core/agreement/parties.ts';
import { signableOf } from '#core/agreement/signables.ts';
import {
  contentHash,
  counting,
  inForce,
  type SignedVersion,
  sign,
} from '#core/agreement/two-keys.ts';

const MARK = 'mark@acme.example';
const SALLY = 'sally@acme.example';
const SERA = 'sera@acme.example';

const textWith = (words: string, change: object = {}) => ({
  parties: { marketing: [MARK, 'both@acme.example'], sales: [SALLY, 'both@acme.example'] },
  reviewBy: '2027-03-31',
  clauses: [
    {
      id: 'company',
      text: words,
      when: { field: 'company', matches: 'Acme' },
      examples: [{ name: 'Acme', person: { company: 'Acme' }, holds: true }],
    },
    {
      id: 'big',
      text: 'The company is large.',
      when: { field: 'employees', atLeast: 50 },
      examples: [{ name: 'small', person: { employees: 10 }, holds: false }],
    },
  ],
  ...change,
});
const TEXT = textWith('We know the company.');

const BY: Record<Party, string> = { marketing: MARK, sales: SALLY, service: SERA };
const NOON = new Date('2026-12-07T12:00:00Z');
const minutesOn = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000);

/** The versions after a signature; those of other texts stay. */
function signed(
  versions: readonly SignedVersion[],
  document: unknown,
  party: Party,
  { by = BY[party], now = NOON }: { by?: string; now?: Date } = {},
): SignedVersion[] {
  const version = sign(versions, signableOf('agreement', document), { party, by }, now);
  return [...versions.filter(({ hash }) => hash !== version.hash), version];
}

const bothSign = (versions: readonly SignedVersion[], document: unknown) =>
  signed(signed(versions, document, 'marketing'), document, 'sales');
const hashInForce = (versions: readonly SignedVersion[]) => inForce(versions)?.version.hash;

test('one key opens nothing, two keys do, in whatever order they come', () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray<Party>(['marketing', 'sales'], { minLength: 2 }),
      fc.array(fc.boolean(), { minLength: 2, maxLength: 2 }),
      (order, twice) => {
        let versions: SignedVersion[] = [];
        for (const [index, party] of order.entries()) {
          expect(hashInForce(versions)).toBeUndefined();
          versions = signed(versions, TEXT, party);
          const again = twice[index] ? signed(versions, TEXT, party) : versions;
          expect(again).toEqual(versions);
        }
        expect(hashInForce(versions)).toBe(contentHash(Agreement.parse(TEXT)));
        expect(versions).toHaveLength(1);
      },
    ),
  );
});

/** Every text inside a clause that people read or that decides. */
const PLACES = [
  ['text', (clause: { text: string }) => clause.text],
  ['id', (clause: { id: string }) => clause.id],
] as const;

test('one character more or less in any clause opens both signatures again', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 1 }),
      fc.constantFrom(...PLACES.map(([field]) => field)),
      fc.nat(),
      fc.constantFrom('a', 'x', '1'),
      (clause, field, place, letter) => {
        const versions = bothSign([], TEXT);
        const changed = structuredClone(TEXT);
        const target = changed.clauses[clause] as { text: string; id: string };
        const at = place % target[field].length;
        target[field] = target[field].slice(0, at) + letter + target[field].slice(at);
        const { hash } = sign(
          versions,
          signableOf('agreement', changed),
          { party: 'marketing', by: MARK },
          NOON,
        );
        expect(counting(versions, hash)).toEqual([]);
        const half = signed(versions, changed, 'marketing');
        expect(hashInForce(half)).toBe(contentHash(Agreement.parse(TEXT)));
        expect(hashInForce(signed(half, changed, 'sales'))).toBe(hash);
      },
    ),
  );
});

test.each([
  ['a condition', { field: 'company', matches: 'acme' }, {}],
  ['a lane', { field: 'company', matches: 'Acme' }, { lanes: ['hot'] }],
])('%s that changes is another text', (_name, when, more) => {
  const changed = structuredClone(TEXT);
  Object.assign(changed.clauses[0] ?? {}, { when, ...more });
  expect(contentHash(Agreement.parse(changed))).not.toBe(contentHash(Agreement.parse(TEXT)));
});

test.each([
  ['who may sign', { parties: { marketing: [MARK], sales: [SALLY] } }],
  ['the review date', { reviewBy: '2027-04-01' }],
])('%s is part of what is signed', (_name, change) => {
  const changed = textWith('We know the company.', change);
  expect(contentHash(Agreement.parse(changed))).not.toBe(contentHash(Agreement.parse(TEXT)));
});

test('layout and the pointer to a schema are no part of what is signed', () => {
  const reversed = Object.fromEntries(Object.entries(TEXT).reverse());
  const pointing = { $schema: './schema.json', ...reversed };
  expect(contentHash(Agreement.parse(pointing))).toBe(contentHash(Agreement.parse(TEXT)));
});

test('a text whose example fails is never in force, whoever signs it', () => {
  const anybody = fc.array(fc.constantFrom<Party>('marketing', 'sales', 'service'));
  fc.assert(
    fc.property(fc.boolean(), anybody, (first, parties) => {
      const broken = structuredClone(TEXT);
      const [example] = broken.clauses[first ? 0 : 1]?.examples ?? [];
      if (example !== undefined) example.holds = !example.holds;
      let versions = bothSign([], TEXT);
      const before = hashInForce(versions);
      for (const party of parties) {
        expect(() => {
          versions = signed(versions, broken, party);
        }).toThrow(/the example "(Acme|small)" should/);
      }
      expect(hashInForce(versions)).toBe(before);
    }),
  );
});

test('service holds a third key where a clause concerns customers', () => {
  const [first, ...others] = TEXT.clauses;
  const text = textWith('', {
    parties: { ...TEXT.parties, service: [SERA] },
    clauses: [{ ...first, concernsCustomers: true }, ...others],
  });
  const two = bothSign([], text);
  expect(hashInForce(two)).toBeUndefined();
  expect(hashInForce(signed(two, text, 'service'))).toBe(contentHash(Agreement.parse(text)));
});

test.each([
  ['a stranger', 'marketing', 'eve@acme.example', /not among those/],
  ['somebody of another party', 'marketing', SALLY, /not among those/],
  ['a party that need not sign', 'service', SERA, /needs no signature of service/],
  ['one person with two keys', 'sales', 'Both@acme.example', /same person signed as marketing/],
] as const)('%s cannot sign', (_name, party, by, expected) => {
  const versions = signed([], TEXT, 'marketing', { by: 'both@acme.example' });
  expect(() => signed(versions, TEXT, party, { by })).toThrow(expected);
});

test('the older version stays in force while a newer one lacks a key', () => {
  const next = textWith('We know the company well.');
  const half = signed(bothSign([], TEXT), next, 'sales');
  expect(hashInForce(half)).toBe(contentHash(Agreement.parse(TEXT)));
});

test('whoever wants an older version back must sign it again, both of them', () => {
  const next = textWith('We know the company well.');
  const old = contentHash(Agreement.parse(TEXT));
  const moved = bothSign(bothSign([], TEXT), next);
  expect(hashInForce(moved)).toBe(contentHash(Agreement.parse(next)));
  expect(counting(moved, old)).toEqual([]);
  const half = signed(moved, TEXT, 'marketing', { now: minutesOn(5) });
  expect(hashInForce(half)).toBe(contentHash(Agreement.parse(next)));
  expect(hashInForce(signed(half, TEXT, 'sales', { now: minutesOn(6) }))).toBe(old);
});

test('a clock that stands still or goes back never leaves two newest versions', () => {
  const texts = [TEXT, textWith('Two.'), textWith('Three.')];
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 60 }), { minLength: 6, maxLength: 6 }), (minutes) => {
      let versions: SignedVersion[] = [];
      for (const [index, text] of texts.entries()) {
        for (const [place, party] of (['sales', 'marketing'] as const).entries()) {
          const now = minutesOn(-(minutes[index * 2 + place] ?? 0));
          versions = signed(versions, text, party, { now });
        }
        expect(hashInForce(versions)).toBe(contentHash(Agreement.parse(text)));
      }
    }),
  );
});
