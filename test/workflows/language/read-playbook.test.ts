import fc from 'fast-check';
import { readPlaybook } from '#workflows/language/read-playbook.ts';
import { connectors, playbookTexts, readWith, WORKFLOW } from './sample-playbook.ts';

const read = (files: Record<string, string>) => readPlaybook(files, { connectors });
const shuffled = (files: Record<string, string>) =>
  fc
    .shuffledSubarray(Object.entries(files), { minLength: Object.keys(files).length })
    .map((entries) => Object.fromEntries(entries));

test('a sound playbook holds every part under its own name', () => {
  const { playbook } = read(playbookTexts());
  expect(Object.keys(playbook?.workflows ?? {})).toEqual(['inbound']);
  expect(Object.keys(playbook?.scoring ?? {})).toEqual(['default']);
  expect(Object.keys(playbook?.routing ?? {})).toEqual(['inbound']);
  expect(Object.keys(playbook?.clocks ?? {})).toEqual(['accept']);
  expect(playbook?.people.salespeople.map(({ weight }) => weight)).toEqual([1]);
  expect(playbook?.tracks.salesMayGive).toEqual(['not_ready']);
});

test('a file that points an editor to its schema is read like one that does not', () => {
  const pointing = (file: string, text = '') => [
    file,
    text.replace('{', '{ "$schema": "./x.json",'),
  ];
  const texts = Object.entries(playbookTexts());
  const files = Object.fromEntries(texts.map(([file, text]) => pointing(file, text)));
  expect(read(files).problems).toEqual([]);
  expect(Object.keys(read(files).playbook?.clocks ?? {})).toEqual(['accept']);
});

test('the order in which files are found changes neither problems nor version', () => {
  const wrong = playbookTexts({
    'inbound.json': WORKFLOW.replace('"use": "score"', '"use": "scoer"'),
    'clocks.json': '{ "accept": {} }',
  });
  const expected = read(wrong).problems;
  const version = read(playbookTexts()).playbook?.version;
  expect(expected.length).toBeGreaterThan(2);
  fc.assert(
    fc.property(shuffled(wrong), (files) => {
      expect(read(files).problems).toEqual(expected);
    }),
    { numRuns: 20 },
  );
  fc.assert(
    fc.property(shuffled(playbookTexts()), (files) => {
      expect(read(files).playbook?.version).toBe(version);
    }),
    { numRuns: 20 },
  );
});

test('however its steps are ordered, a workflow is read the same way twice and never throws', () => {
  const { steps, ...rest } = JSON.parse(WORKFLOW);
  const orders = fc.shuffledSubarray(steps as unknown[], { minLength: steps.length });
  fc.assert(
    fc.property(orders, (order) => {
      const texts = playbookTexts({ 'inbound.json': JSON.stringify({ ...rest, steps: order }) });
      expect(read(texts)).toEqual(read(texts));
    }),
    { numRuns: 40 },
  );
});

test('layout does not change the version, and every value does', () => {
  const version = (files: Record<string, string>) => read(files).playbook?.version;
  const { clocks, ...laidOut } = {
    clocks: playbookTexts()['clocks.json'] ?? '',
    'clocks.json': JSON.stringify(JSON.parse(playbookTexts()['clocks.json'] ?? '')),
  };
  expect(version(playbookTexts(laidOut))).toBe(version(playbookTexts()));
  const longer = clocks.replace('4 business hours', '5 business hours');
  expect(version(playbookTexts({ 'clocks.json': longer }))).not.toBe(version(playbookTexts()));
});

test.each([
  [
    'a file that is missing',
    { 'clocks.json': undefined },
    'clocks.json:1:1 the playbook has no clocks.json',
  ],
  ['no workflow at all', { 'inbound.json': undefined }, '.:1:1 the playbook has no workflow'],
  [
    'a mistyped folder',
    { 'scroing/other.json': '{}' },
    'scroing/other.json:1:1 a playbook has no such file',
  ],
  ['a mistyped file', { 'clock.json': '{}' }, 'clock.json:1:1 is no workflow ("steps" is missing)'],
  ['an empty file', { 'people.json': '' }, 'people.json:1:1 a value is expected here'],
])('%s is a problem', (_name, change, expected) => {
  const files = Object.entries({ ...playbookTexts(), ...change } as Record<string, string>);
  const { playbook, problems } = read(
    Object.fromEntries(files.filter(([, text]) => text !== undefined)),
  );
  const lines = problems.map(
    ({ file, line, column, message }) => `${file}:${line}:${column} ${message}`,
  );
  expect(playbook).toBeUndefined();
  expect(lines.some((line) => line.startsWith(expected))).toBe(true);
});

test('a part that can not be read makes no reference to it wrong', () => {
  const { problems } = read(playbookTexts({ 'clocks.json': '{ "accept": { "by": {} } }' }));
  expect(problems.map(({ file }) => file)).toEqual(['clocks.json']);
});

const CONDITION = "$score.rating = 'warm'";

test.each([
  [
    'what may be unset, asked for first',
    CONDITION,
    "$exists($enrichment) and $enrichment.status = 'hit'",
  ],
  ['a variable of its own', CONDITION, "($x := $score; $x.rating = 'warm')"],
  ['a function passed to a function', CONDITION, "$contains($score.grade ~> $uppercase, 'A')"],
  ['a function that Step Functions adds', CONDITION, "$hash($score.grade, 'MD5') = 'x'"],
  ['names inside a filter', CONDITION, "$exists($score[rating = 'warm'])"],
  ['a value that is worked out', '"#leads"', '"{% $handoff.owner %}"'],
  ['a value that may be missing from a list of words', '"size": 3', '"size": 3, "kind": "alarm"'],
  ['a number that is worked out', '"size": 3', '"size": "{% $handoff.round %}"'],
  ['a field that the step fills in', '"size": 3', '"size": 3, "email": "ada@example.com"'],
  ['a note wherever', '"use": "hand-back"', '"use": "hand-back", "note": "with a reason"'],
  ['a wait that can be met again', '"next": "done"', '"next": "assign"'],
])('%s is no mistake', (_name, instead, written) => {
  const { problems } = readWith('inbound.json', instead, written);
  const others = problems.filter(
    ({ message }) => !message.startsWith('no way leads to the step "done"'),
  );
  expect(others).toEqual([]);
});
