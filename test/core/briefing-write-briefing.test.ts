import fc from 'fast-check';
import {
  BRIEFING_BUDGET,
  type BriefingInput,
  writeBriefing,
} from '#core/briefing/write-briefing.ts';
import { TouchKind } from '#core/events.ts';
import type { ScoredTouch } from '#core/scoring/scored-touch.ts';

const now = new Date('2026-11-22T12:00:00Z');
const touch = (
  kind: ScoredTouch['kind'],
  name: string,
  daysAgo = 1,
  url?: string,
): ScoredTouch => ({
  id: `${kind} ${name} ${daysAgo}`,
  kind,
  name,
  at: new Date(now.getTime() - daysAgo * 86_400_000).toISOString(),
  url,
});
const brief = (input: Partial<BriefingInput>) =>
  writeBriefing({ person: {}, touches: [], ...input }, now);

const paper = touch('asset-downloaded', 'Ten ways to cut waste', 3);
const pricing = touch('page-visited', 'Plans', 1, 'https://nw.example/pricing');

test('a hand-raiser is briefed in one screen', () => {
  const briefing = brief({
    person: {
      firstName: 'Joe',
      lastName: 'Doe',
      title: 'Head of Operations',
      company: 'Acme',
      country: 'DE',
      employees: 450,
    },
    account: { industry: 'manufacturing' },
    touches: [paper, pricing, touch('page-visited', 'Plans', 2, 'https://nw.example/pricing')],
    score: { rating: 'hot', lane: 'hand-raiser' },
    capture: {
      form: 'Contact sales',
      need: 'a quote for 40 machines',
      timeline: 'before March',
      referrer: 'a friend',
    },
  });
  expect(briefing).toEqual({
    who: 'Joe Doe, Head of Operations at Acme (manufacturing, 450 employees, DE)',
    whyNow: [
      'Asked to talk to us: “Contact sales”.',
      'Is thinking about money: visited “Plans”.',
      'Lately visited “Plans”, and 2 more in two weeks.',
    ],
    lastTouches: [
      { at: pricing.at, text: 'visited “Plans”, 2 times' },
      { at: paper.at, text: 'downloaded “Ten ways to cut waste”' },
    ],
    opener:
      'Hello Joe. You wrote: “a quote for 40 machines” Tell me a little more, so that I bring the right answer.',
    ask: [
      'What have you tried so far, and what was missing?',
      'How is money for something like this decided on at your company?',
    ],
    need: 'a quote for 40 machines',
    timeline: 'before March',
    referrer: 'a friend',
  });
});

test.each([
  ['what they downloaded', [paper], 'You downloaded “Ten ways to cut waste”.'],
  ['what they did on purpose before what was noticed', [pricing, paper], 'You downloaded'],
  [
    'a conversation before anything else',
    [paper, touch('meeting-held', 'the pilot', 20)],
    'we talked about “the pilot”',
  ],
  ['the subject of a page, but not the visit', [pricing], 'questions about “Plans”'],
  [
    'something fresh before something old',
    [touch('webinar-attended', 'Old show', 200), pricing],
    '“Plans”',
  ],
  [
    'something old where there is nothing else',
    [touch('webinar-attended', 'Old show', 200)],
    '“Old show”',
  ],
  ['no mail that merely arrived', [touch('email-received', 'Newsletter')], 'rethinking this'],
])('the opener takes up %s', (_, touches, part) => {
  expect(brief({ touches }).opener).toContain(part);
});

test('a name with quotation marks of its own stays one quotation', () => {
  const named = touch('asset-downloaded', 'The “lean”\n "plant"');
  expect(brief({ touches: [named] }).opener).toContain("“The 'lean' 'plant'”");
});

test('who comes back after a silence has that as a reason', () => {
  const touches = [touch('page-visited', 'Blog', 2), touch('page-visited', 'Blog', 62)];
  expect(brief({ touches }).whyNow[0]).toBe('Came back after 60 days of silence.');
});

test('the reasons of a fit are given in words', () => {
  const points = [
    { axis: 'fit' as const, rule: 'a', points: 5, because: 'in our market' },
    { axis: 'fit' as const, rule: 'b', points: 30, because: 'decides' },
  ];
  expect(brief({ score: { rating: 'hot', lane: 'hot', points } }).whyNow).toEqual([
    'Fits: decides; in our market.',
  ]);
});

test('of nobody in particular there is still a briefing', () => {
  expect(brief({})).toEqual({
    who: 'Somebody without a name',
    whyNow: ['Nothing recent is known; find out what changed.'],
    lastTouches: [],
    opener: 'Hello. Many teams are rethinking this just now. How is it with you?',
    ask: [
      'What happened that makes this a subject now?',
      'By when should it be solved, and what happens if it is not?',
    ],
  });
});

const text = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ minLength: 500, maxLength: 3000, unit: 'grapheme' }),
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const anyTouch = fc.record({
  id: fc.uuid(),
  kind: fc.constantFrom(...TouchKind.options),
  at: fc
    .integer({ min: 0, max: 300 })
    .map((days) => new Date(now.getTime() - days * 86_400_000).toISOString()),
  name: text,
});
const anyInput: fc.Arbitrary<BriefingInput> = fc.record({
  person: fc.record({
    firstName: maybe(text),
    lastName: maybe(text),
    title: maybe(text),
    company: maybe(text),
    industry: maybe(text),
  }),
  touches: fc.array(anyTouch, { maxLength: 30 }),
  score: maybe(
    fc.record({
      rating: fc.constantFrom('hot', 'qualified'),
      lane: fc.constantFrom('hand-raiser', 'hot', 'customer'),
      points: fc.array(
        fc.record({
          axis: fc.constant('fit' as const),
          rule: text,
          points: fc.integer({ min: 1, max: 99 }),
          because: text,
        }),
      ),
    }),
  ),
  capture: maybe(
    fc.record({ form: text, need: maybe(text), timeline: maybe(text), referrer: maybe(text) }),
  ),
});

test('law: a briefing keeps its budget, whatever people write', () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const { who, whyNow, lastTouches, opener, ask, ...own } = writeBriefing(input, now);
      const all = [who, ...whyNow, ...lastTouches.map((line) => line.text), opener, ...ask];
      const { need, timeline, referrer } = input.capture ?? {};
      expect(own).toEqual(JSON.parse(JSON.stringify({ need, timeline, referrer })));
      expect(all.join('').length).toBeLessThanOrEqual(BRIEFING_BUDGET);
      expect(lastTouches.length).toBeLessThanOrEqual(5);
      expect(ask).toHaveLength(2);
      expect(new Set(ask).size).toBe(2);
    }),
    { numRuns: 300 },
  );
});

/** What the salesperson says, without what the person or the page said first. */
const ownWords = (opener: string) => opener.replace(/“[^”]*”/gu, '').replace(/^Hello[^.]*\./u, '');
const plainName = fc.constantFrom('Case study', 'Pricing', 'Lead scoring guide');

test('law: an opener cites something concrete, and neither the score nor that anybody watched', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          ...{ id: fc.uuid(), at: fc.constant('2026-11-20T10:00:00Z') },
          kind: fc.constantFrom(...TouchKind.options.filter((kind) => kind !== 'email-received')),
          name: plainName,
        }),
        { minLength: 1 },
      ),
      maybe(fc.constantFrom('a quote', 'help with lead scores')),
      (touches, need) => {
        const score = { rating: 'hot', lane: 'hot' };
        const { opener } = brief({
          touches,
          score,
          ...(need && { capture: { form: 'Contact', need } }),
        });
        const cited =
          need ?? touches.map(({ name }) => name).find((name) => opener.includes(`“${name}”`));
        expect(cited).toBeDefined();
        expect(opener).toContain(`“${cited}”`);
        expect(ownWords(opener)).not.toMatch(
          /\b(scor\w*|points?|grade\w*|rating|rated|hot|qualified|lead)\b|\d/iu,
        );
        expect(ownWords(opener)).not.toMatch(
          /\b(noticed|saw|seen|watch\w*|track\w*|visited|opened|clicked|viewed)\b/iu,
        );
      },
    ),
    { numRuns: 300 },
  );
});
