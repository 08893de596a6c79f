import { jsonataPass, play } from './play.ts';

const input = { lead: { points: 12, tags: ['a', 'b'] }, nothing: null };

test.each([
  ['reads the input', '{% $states.input.lead.points %}', 12],
  ['leaves what is not delimited alone', ' {% $states.input %} ', ' {% $states.input %} '],
  ['fills nested templates', { a: ['{% 1 + 1 %}', { b: '{% "x" %}' }] }, { a: [2, { b: 'x' }] }],
  ['hands null on', '{% $states.input.nothing %}', null],
  [
    'omits undefined fields of an object made in the expression',
    '{% {"a": 1, "b": $states.input.no} %}',
    { a: 1 },
  ],
  ['knows the state', '{% $states.context.State.Name %}', 'Only'],
  ['knows the execution', '{% $states.context.Execution.Name %}', 'run-1'],
  ['tells the time of the run', '{% $now() %}', '2030-01-01T00:00:00.000Z'],
  ['tells the time in a picture', "{% $now('[Y0001]-[M01]') %}", '2030-01'],
  ['tells the time in milliseconds', '{% $millis() %}', 1_893_456_000_000],
  ['cuts into chunks', '{% $partition([1,2,3], 2) %}', [[1, 2], [3]]],
  ['makes a range', '{% $range(0, 9, 3) %}', [0, 3, 6, 9]],
  ['makes a range downwards', '{% $range(3, 1, -1) %}', [3, 2, 1]],
  ['makes an element of a range of one', '{% $range(1, 1, 1) %}', 1],
  ['hashes', "{% $hash('input data', 'SHA-1') %}", 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
  ['parses', '{% $parse(\'{"a":[1]}\') %}', { a: [1] }],
  ['draws the same for the same seed', '{% $random(7) = $random(7) %}', true],
])('JSONata %s', async (_what, template, expected) => {
  const { state } = await play(jsonataPass(template), { input });
  expect(state).toMatchObject({ status: 'SUCCEEDED', output: expected });
});

test.each([
  ['nothing', '{% $states.input.no %}', 'returned nothing (undefined).'],
  ['a function', '{% function($x){$x} %}', 'returned an unsupported result type.'],
  [
    'a function inside an object',
    '{% {"f": $uppercase} %}',
    'returned an unsupported result type.',
  ],
  ['an error', "{% $number('x') %}", 'threw an error during evaluation. D3030'],
  ['text run as code', "{% $eval('1') %}", 'threw an error during evaluation. T1006'],
  ['text that is no JSON', "{% $parse('{') %}", 'threw an error during evaluation.'],
  ['an unknown algorithm', "{% $hash('a', 'ROT13') %}", 'threw an error during evaluation.'],
  ['endless recursion', '{% ($f := function($n){ 1 + $f($n + 1) }; $f(0)) %}', 'threw an error'],
  ['a list beyond measure', '{% $range(1, 2000, 1) %}', 'threw an error during evaluation.'],
])('JSONata that gives %s fails the state and says where', async (_what, output, words) => {
  const { state, history } = await play(jsonataPass({ score: output }), { input });
  expect(state).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  expect(state.cause).toContain(`specified for the field 'Output/score' ${words}`);
  expect(history.map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    'PassStateEntered',
    'EvaluationFailed',
    'ExecutionFailed',
  ]);
});

const scopes = {
  QueryLanguage: 'JSONata',
  StartAt: 'Set',
  States: {
    Set: { Type: 'Pass', Assign: { x: 1, y: 1 }, Next: 'Change' },
    Change: {
      Type: 'Pass',
      Assign: { x: '{% $x + 1 %}', y: '{% $x %}' },
      Output: '{% $x %}',
      Next: 'Inside',
    },
    Inside: {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: 'Own',
          States: {
            Own: { Type: 'Pass', Assign: { z: '{% $x * 10 %}' }, Next: 'Use' },
            Use: { Type: 'Pass', Output: '{% [$x, $y, $z] %}', End: true },
          },
        },
      ],
      Assign: { seen: '{% $states.result[0] %}' },
      Output: {
        was: '{% $states.input %}',
        seen: '{% $states.result[0] %}',
        lost: '{% $exists($z) %}',
      },
      End: true,
    },
  },
};

test('variables are read as they were before the state, and inside but not outside a branch', async () => {
  const { state, history } = await play(scopes);
  expect(state.output).toEqual({ was: 1, seen: [2, 1, 20], lost: false });
  const exits = history.filter(({ type }) => type.endsWith('StateExited'));
  expect(exits.map(({ details }) => details['assignedVariables'])).toEqual([
    { x: 1, y: 1 },
    { x: 2, y: 1 },
    { z: 20 },
    undefined,
    { seen: [2, 1, 20] },
  ]);
});

test('a variable hides the function of its name', async () => {
  const { state } = await play({
    QueryLanguage: 'JSONata',
    StartAt: 'Set',
    States: {
      Set: { Type: 'Pass', Assign: { range: 3 }, Next: 'Use' },
      Use: { Type: 'Pass', Output: '{% $range + 1 %}', End: true },
    },
  });
  expect(state.output).toBe(4);
});
