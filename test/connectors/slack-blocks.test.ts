import { array, assert, constantFrom, property, record, string, stringMatching } from 'fast-check';
import { renderMessage } from '#connectors/slack/blocks.ts';
import { refuseBlocks } from '#connectors/slack/fake/block-limits.ts';
import { mrkdwn } from '#connectors/slack/text.ts';

/** Text with everything that grows, wakes or cuts badly. */
const words = array(
  constantFrom('<', '>', '&', '😀', '\n', ' ', 'https://a.example/?b=1&c=2', 'lead', '|', '.'),
  { maxLength: 2_000 },
).map((parts) => parts.join(''));
const anyText = constantFrom('words', 'string').chain((kind) =>
  kind === 'words' ? words : string({ unit: 'grapheme', maxLength: 400 }),
);

test('whatever the message says, Slack takes its blocks', () => {
  const message = record({
    title: anyText,
    lines: array(anyText, { maxLength: 60 }),
    reasons: array(record({ code: stringMatching(/^[a-z-]{1,20}$/), label: anyText }), {
      maxLength: 120,
    }),
  });
  assert(
    property(message, (one) => {
      const { blocks } = renderMessage({
        ...one,
        handoffId: 'ho_1:0',
        actions: ['accept', 'reject', 'snooze', 'pause', 'veto'],
      });
      // As it goes over the wire.
      return !refuseBlocks(JSON.parse(JSON.stringify(blocks)));
    }),
    { numRuns: 60 },
  );
});

test('no text of a lead can mention anybody', () => {
  assert(property(anyText, (text) => !/<(?!https?:)/.test(mrkdwn(text))));
});

test('a long text without an end takes no long time', () => {
  const started = performance.now();
  renderMessage({ title: 'x', lines: [`https://${'.'.repeat(200_000)}`] });
  expect(performance.now() - started).toBeLessThan(1_000);
});
