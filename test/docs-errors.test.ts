import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectors } from '#connectors/index.ts';

const ROOMS = ['core', 'connectors', 'workflows', 'platform', 'functions', 'cli'];
const DOCUMENT = 'docs/errors.md';

/** Where a code is not written out: tables of vendors, which are asked below, and errors that are told again. */
const WITHOUT_A_WORD = [
  /\/failure\.ts$/,
  /^core\/effects\/perform\.ts$/,
  /^cli\/store\/ask-hub\.ts$/,
];

/** Codes, each with the kinds under which it is thrown; an outcome, or a code of an answer alone, has none. */
type Codes = ReadonlyMap<string, ReadonlySet<string>>;

const sources = ROOMS.flatMap((room) => sourcesIn(room));

function sourcesIn(folder: string): { file: string; text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
}

function collect(found: Iterable<readonly [code: string, kind: string]>): Codes {
  const codes = new Map<string, Set<string>>();
  for (const [code, kind] of found) {
    const kinds = codes.get(code) ?? new Set<string>();
    codes.set(code, kind === '' ? kinds : kinds.add(kind));
  }
  return codes;
}

const word = (text: string) => /^'([\w.]+)'$/.exec(text)?.[1];

/** Every `new HubError(kind, code, …)` of a source, as written. */
function thrownIn(text: string): { kind: string; code: string }[] {
  const calls = text.matchAll(/new HubError\(\s*(?<kind>[^,]+?),\s*(?<code>[^,]+?),/g);
  return [...calls].map(({ groups }) => ({
    kind: groups?.['kind'] ?? '',
    code: groups?.['code'] ?? '',
  }));
}

/** Codes that stand in an answer or in quarantine without a HubError behind them. */
const ANSWERED = /(?:\bcode: |refusal\(\s*\d+,\s*)'([a-z]+(?:_[a-z]+)*)'/g;
const NO_CODES = new Set(['custom']);

/** The names by which a step tells its workflow to take another path. */
const OUTCOME = /'((?!HubError)[A-Z][a-z]+\.[A-Z][A-Za-z]+)'/g;

function writtenOut(): [string, string][] {
  return sources.flatMap(({ file, text }): [string, string][] => {
    const thrown = thrownIn(text).flatMap(({ kind, code }): [string, string][] => {
      const name = word(code);
      return name === undefined ? [] : [[name, word(kind) ?? '']];
    });
    const answered =
      file.endsWith('/failure.ts') && file.startsWith('connectors/') ? [] : [ANSWERED];
    const outcomes = /^(core|workflows\/steps)\//.test(file) ? [OUTCOME] : [];
    const others = [...answered, ...outcomes].flatMap((pattern) => [...text.matchAll(pattern)]);
    return [
      ...thrown,
      ...others
        .map(([, name = '']): [string, string] => [name, ''])
        .filter(([name]) => !NO_CODES.has(name)),
    ];
  });
}

/** An error code in the shapes in which vendors put one into a body. */
const bodiesOf = (code: string): unknown[] => [
  { ok: false, error: code },
  { success: false, errors: [{ code }] },
  [{ errorCode: code, message: code }],
  { category: code, policyName: code, errors: [{ code }] },
];

const STATUSES = [200, 300, ...Array.from({ length: 200 }, (_, index) => 400 + index)];

/** What a connector makes of every status, and of every word that its own table of failures has. */
function vendorCodes(vendor: string): [string, string][] {
  const { failure } = connectors[vendor]?.http ?? { failure: () => undefined };
  const table = sources.find(({ file }) => file === `connectors/${vendor}/failure.ts`)?.text ?? '';
  const words = [...new Set(table.match(/\w{3,}/g) ?? [])];
  const answers = [
    ...STATUSES.map((status) => ({ status, body: {} as unknown })),
    ...[200, 400, 500].flatMap((status) =>
      words.flatMap(bodiesOf).map((body) => ({ status, body })),
    ),
  ];
  return answers.flatMap(({ status, body }): [string, string][] => {
    const error = failure({ status, headers: {}, body });
    return error === undefined ? [] : [[error.code, error.kind]];
  });
}

const inCode = collect([...writtenOut(), ...Object.keys(connectors).flatMap(vendorCodes)]);

/** The rows of the document: `| `code` | kinds | meaning | what to do |`. */
const rows = [
  ...readFileSync(DOCUMENT, 'utf8').matchAll(
    /^\| `([\w.]+)` +\| ([a-z, –]+?) +\| (.+) \| (.+) \|$/gm,
  ),
];
const documented = collect(
  rows.flatMap(([, code = '', kinds = '']) =>
    kinds.split(', ').map((kind): [string, string] => [code, kind === '–' ? '' : kind]),
  ),
);

test('every code is written out where it is thrown, or comes from a table of a vendor', () => {
  const hidden = sources
    .filter(({ file }) => WITHOUT_A_WORD.every((known) => !known.test(file)))
    .flatMap(({ file, text }) =>
      thrownIn(text)
        .filter(({ code }) => word(code) === undefined)
        .map(({ code }) => `${file}: write the code instead of ${code}`),
    );
  expect(hidden).toEqual([]);
});

test('every code that the hub throws or answers has its row', () => {
  const missing = [...inCode]
    .filter(([code]) => !documented.has(code))
    .map(
      ([code, kinds]) =>
        `add to ${DOCUMENT}: | \`${code}\` | ${[...kinds].join(', ') || '–'} | … | … |`,
    );
  expect(missing).toEqual([]);
});

test('every row is of a code that is still there', () => {
  const dead = [...documented.keys()]
    .filter((code) => !inCode.has(code))
    .map((code) => `remove from ${DOCUMENT}: ${code}`);
  expect(dead).toEqual([]);
});

test('every code stands once', () => {
  const codes = rows.map(([, code = '']) => code);
  expect(codes.filter((code, index) => codes.indexOf(code) < index)).toEqual([]);
});

test('every row names the kinds under which its code is thrown', () => {
  const wrong = [...inCode].flatMap(([code, kinds]) => {
    const told = documented.get(code);
    const untold = [...kinds].filter((kind) => told !== undefined && !told.has(kind));
    return untold.map((kind) => `${code} is thrown as ${kind}, too`);
  });
  expect(wrong).toEqual([]);
});
