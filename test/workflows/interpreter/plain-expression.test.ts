import fc from 'fast-check';
import jsonata from 'jsonata';
import { NOT_PLAIN, plainExpression } from '#workflows/interpreter/plain-expression.ts';

const plainly = (text: string, variables: Record<string, unknown>): unknown => {
  const plain = plainExpression(jsonata(text).ast());
  return plain === undefined ? NOT_PLAIN : plain.read(variables);
};

const names = fc.constantFrom('a', 'b', 'states', '`a b`', '`__proto__`', 'toString');
const path = fc
  .tuple(fc.constantFrom('x', 'y', 'gone'), fc.array(names, { maxLength: 3 }))
  .map(([root, fields]) => [`$${root}`, ...fields].join('.'));
const literal = fc.constantFrom('null', 'true', '0', '12.5', '"text"', '""');
const expression = fc.oneof(
  path,
  fc
    .tuple(path, fc.oneof(path, literal), fc.oneof(path, literal))
    .map(([asked, yes, no]) => `$exists(${asked}) ? ${yes} : ${no}`),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false, 0, 1.5, '', 'text'),
    fc.array(tie('any'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'states', 'a b'), tie('any'), {
      noNullPrototype: true,
    }),
  ),
})).any;

test('whatever can be read plainly is what JSONata answers', async () => {
  await fc.assert(
    fc.asyncProperty(expression, fc.record({ x: value, y: value }), async (text, variables) => {
      const read = plainly(text, variables);
      if (read === NOT_PLAIN) return;
      const answer: unknown = await jsonata(text).evaluate(undefined, variables);
      expect(read).toEqual(answer);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['$x', { x: 5 }, 5],
  ['$x.a.b', { x: { a: { b: 'deep' } } }, 'deep'],
  ['$exists($x) ? $x : null', {}, null],
  ['$exists($x.a) ? $x.a : "none"', { x: { a: false } }, false],
])('%s is read plainly', (text, variables, expected) => {
  expect(plainly(text, variables)).toEqual(expected);
});

test.each([
  '$',
  '$x[0]',
  '$x.a[b=1]',
  '$x.(a)',
  '$x.a^(b)',
  '$x + 1',
  '$sum($x)',
  '$exists($x, $y) ? 1 : 2',
  '$exists($x) ? 1',
  '$not($x) ? 1 : 2',
  '[$x]',
])('%s is left to JSONata', (text) => {
  expect(plainly(text, { x: { a: 1 } })).toBe(NOT_PLAIN);
});
